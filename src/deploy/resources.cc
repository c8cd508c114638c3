#include "deploy/resources.h"

#include <utility>

namespace lamplighter::deploy {

json::object reference(std::string_view id) { return {{"Ref", json::string(id)}}; }

json::object attribute(std::string_view id, std::string_view name) {
  return {{"Fn::GetAtt", {json::string(id), json::string(name)}}};
}

json::value substituted(const json::value& value) {
  if (const auto* text = value.if_string()) {
    if (text->find("${AWS::") == json::string::npos) return value;
    return json::object{{"Fn::Sub", *text}};
  }
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& item : *array) out.push_back(substituted(item));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& member : *object) out[member.key()] = substituted(member.value());
    return out;
  }
  return value;
}

json::object statement(const json::array& actions, json::value resource) {
  return {{"Effect", "Allow"}, {"Action", actions}, {"Resource", std::move(resource)}};
}

json::object policy_document(json::array statements) {
  return {{"Version", "2012-10-17"}, {"Statement", std::move(statements)}};
}

json::object trust(std::string_view service) {
  return policy_document({json::object{
      {"Effect", "Allow"},
      {"Principal", json::object{{"Service", json::string(service)}}},
      {"Action", "sts:AssumeRole"},
      {"Condition",
       json::object{{"StringEquals", json::object{{"aws:SourceAccount", reference("AWS::AccountId")}}}}}}});
}

std::string Resources::add(const std::string& id, std::string_view type, json::object properties,
                           std::string_view name) {
  std::string unique = ids_.take(id, name);
  resources_[unique] = json::object{{"Type", json::string(type)}, {"Properties", std::move(properties)}};
  return unique;
}

std::string Resources::add_tagged(const std::string& id, std::string_view type, json::object properties,
                                  std::string_view name) {
  properties["Tags"] = json::array{json::object{{"Key", "lamplighter:fleet"}, {"Value", fleet_}}};
  return add(id, type, std::move(properties), name);
}

void Resources::mark_packaged(const std::string& id) {
  resources_[id].as_object()["Metadata"] = {
      {"cfn-lint", {{"config", {{"ignore_checks", json::array{"W3002"}}}}}}};
}

}  // namespace lamplighter::deploy
