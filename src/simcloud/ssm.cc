#include "simcloud/ssm.h"

#include <map>

#include <fmt/format.h>

#include "base/arn.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kMostParameters = 1'000;
constexpr std::size_t kLongestName = 1'011;
constexpr std::size_t kLongestValue = 4'096;

using Key = std::pair<std::string, std::string>;

Answer put_parameter(World& world, const Call& call) {
  const std::string& name = call.parameters.get("Name");
  const std::string& value = call.parameters.get("Value");
  if (name.empty() || name.size() > kLongestName || value.empty() || value.size() > kLongestValue)
    return refuse("ValidationException", "Name and Value are needed, of at most 1011 and 4096 bytes.");
  const Key key{call.region, name};
  const auto found = world.parameters.find(key);
  if (found != world.parameters.end() && !call.parameters.is_true("Overwrite"))
    return refuse("ParameterAlreadyExists", "The parameter already exists.");
  if (found == world.parameters.end() && world.parameters.size() >= kMostParameters)
    return refuse("ParameterLimitExceeded", "There are too many parameters.");
  SimulatedParameter& parameter = world.parameters[key];
  const std::string& type = call.parameters.get("Type");
  parameter = {value, type.empty() ? "String" : type, parameter.version + 1};
  return json::object{{"Version", parameter.version}, {"Tier", "Standard"}};
}

/// An encrypted one's value, unless its decryption was asked for, is not to be read.
Answer get_parameter(World& world, const Call& call) {
  const std::string& name = call.parameters.get("Name");
  const auto found = world.parameters.find({call.region, name});
  if (found == world.parameters.end()) return refuse("ParameterNotFound", "");
  const SimulatedParameter& parameter = found->second;
  const bool is_closed = parameter.type == "SecureString" && !call.parameters.is_true("WithDecryption");
  const std::string path = fmt::format("parameter{}{}", name.starts_with('/') ? "" : "/", name);
  return json::object{{"Parameter",
                       {{"Name", name},
                        {"Type", parameter.type},
                        {"Value", is_closed ? "AQICAHencrypted==" : parameter.value},
                        {"Version", parameter.version},
                        {"DataType", "text"},
                        {"ARN", arn_in(call.region, "ssm", world.account, path).text()}}}};
}

const std::map<std::string_view, Answer (*)(World&, const Call&)>& actions() {
  static const std::map<std::string_view, Answer (*)(World&, const Call&)> table{
      {"GetParameter", get_parameter}, {"PutParameter", put_parameter}};
  return table;
}

}  // namespace

bool has_ssm_action(std::string_view action) { return actions().contains(action); }

Answer answer_ssm(World& world, const Call& call) { return actions().at(call.action)(world, call); }

}  // namespace lamplighter::simcloud
