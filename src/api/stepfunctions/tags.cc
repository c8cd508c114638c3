#include <algorithm>

#include <fmt/format.h>

#include "api/stepfunctions/actions.h"

namespace lamplighter::api {
namespace {

constexpr std::size_t kMaxTags = 50;

/// A state machine with its tags, by the request's resourceArn.
struct Tagged {
  engine::StateMachine machine;
  json::array tags;
};

Result<Tagged> find_tagged(engine::Engine& engine, const Parameters& parameters) {
  auto machine = engine.describe_state_machine(TRY(parameters.text("resourceArn", kArnLength)));
  if (!machine && machine.error().code == "StateMachineDoesNotExist") {
    return fail(ErrorKind::bad_input, "ResourceNotFound", machine.error().message);
  }
  if (!machine) return tl::unexpected(machine.error());
  const auto* tags = find(machine->extras, "tags");
  auto list = tags && tags->is_array() ? tags->get_array() : json::array{};
  return Tagged{std::move(*machine), std::move(list)};
}

void remove_tag(json::array& tags, std::string_view key) {
  const auto* end = std::remove_if(tags.begin(), tags.end(),
                                   [&](const json::value& tag) { return get_string(tag, "key") == key; });
  tags.erase(end, tags.end());
}

Status save(engine::Engine& engine, Tagged tagged) {
  auto& extras = tagged.machine.extras;
  if (!extras.is_object()) extras.emplace_object();
  extras.get_object()["tags"] = std::move(tagged.tags);
  CHECK_OK(engine.update_state_machine(tagged.machine.arn, std::nullopt, std::nullopt, extras));
  return {};
}

Result<json::array> list_of(const Parameters& parameters, std::string_view name) {
  const auto* list = parameters.raw(name);
  if (list && list->is_array()) return list->get_array();
  return fail(ErrorKind::bad_input, "ValidationException", fmt::format("expected a list at '{}'", name));
}

}  // namespace

Answer list_tags_for_resource(engine::Engine& engine, const Parameters& parameters) {
  return json::object{{"tags", TRY(find_tagged(engine, parameters)).tags}};
}

Answer tag_resource(engine::Engine& engine, const Parameters& parameters) {
  auto tagged = TRY(find_tagged(engine, parameters));
  for (const auto& tag : TRY(list_of(parameters, "tags"))) {
    const auto key = get_string(tag, "key");
    if (key.empty()) return validation_error(key, "tags", "Member must have a key");
    remove_tag(tagged.tags, key);
    tagged.tags.push_back({{"key", key}, {"value", get_string(tag, "value")}});
  }
  if (tagged.tags.size() > kMaxTags) {
    return fail(ErrorKind::bad_input, "TooManyTags", fmt::format("expected at most {} tags", kMaxTags));
  }
  CHECK_OK(save(engine, std::move(tagged)));
  return json::object{};
}

Answer untag_resource(engine::Engine& engine, const Parameters& parameters) {
  auto tagged = TRY(find_tagged(engine, parameters));
  for (const auto& key : TRY(list_of(parameters, "tagKeys"))) {
    if (key.is_string()) remove_tag(tagged.tags, key.get_string());
  }
  CHECK_OK(save(engine, std::move(tagged)));
  return json::object{};
}

}  // namespace lamplighter::api
