// The resources of a CloudFormation template, and the few shapes that they are made of.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "deploy/names.h"
#include "json/json.h"

namespace lamplighter::deploy {

json::object reference(std::string_view id);
json::object attribute(std::string_view id, std::string_view name);

/// `value` with {"Fn::Sub": text} in place of each text that holds "${AWS::": the stack's account and so on.
json::value substituted(const json::value& value);

/// {"Effect": "Allow", …}.
json::object statement(const json::array& actions, json::value resource);
json::object policy_document(json::array statements);
/// Lets an AWS service, on behalf of this account only, take on a role. The names of these services
/// ("states.amazonaws.com") end so in every partition, whatever its hosts end with.
json::object trust(std::string_view service);

/// Gathers resources under unique logical ids, each tagged with the fleet where its type has tags.
class Resources {
 public:
  explicit Resources(std::string fleet) : fleet_(std::move(fleet)) {}

  /// Adds a resource and gives its logical id: `id`, with a hash of `name` where another has it already.
  std::string add(const std::string& id, std::string_view type, json::object properties,
                  std::string_view name = "");
  /// As add(), with the tags of the fleet.
  std::string add_tagged(const std::string& id, std::string_view type, json::object properties,
                         std::string_view name = "");

  /// Says that a property of the resource is a local path for `aws cloudformation package` (cfn-lint's
  /// W3002).
  void mark_packaged(const std::string& id);

  json::object take() { return std::move(resources_); }

 private:
  std::string fleet_;
  UniqueNames ids_;
  json::object resources_;
};

}  // namespace lamplighter::deploy
