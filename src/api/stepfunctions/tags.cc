#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "api/stepfunctions/actions.h"

namespace lamplighter::api {
namespace {

constexpr std::size_t kMaxTags = 50;

json::array tags_of(const json::value& extras) {
  const auto* tags = find(extras, "tags");
  return tags && tags->is_array() ? tags->get_array() : json::array{};
}

/// A state machine, as what the tags' calls name a resource.
Result<engine::StateMachine> resource(Result<engine::StateMachine> machine) {
  if (!machine && machine.error().code == "StateMachineDoesNotExist") {
    return fail(ErrorKind::bad_input, "ResourceNotFound", machine.error().message);
  }
  return machine;
}

void remove_tag(json::array& tags, std::string_view key) {
  const auto* end = std::remove_if(tags.begin(), tags.end(),
                                   [&](const json::value& tag) { return get_string(tag, "key") == key; });
  tags.erase(end, tags.end());
}

/// Changes the tags of the request's resourceArn in one transaction.
Answer change_tags(engine::Engine& engine, const Parameters& parameters,
                   const std::function<Status(json::array& tags)>& change) {
  const auto change_extras = [&](json::value extras) -> Result<json::value> {
    auto tags = tags_of(extras);
    CHECK_OK(change(tags));
    if (!extras.is_object()) extras.emplace_object();
    extras.get_object()["tags"] = std::move(tags);
    return extras;
  };
  CHECK_OK(resource(engine.update_state_machine(TRY(parameters.text("resourceArn", kArnLength)), std::nullopt,
                                                std::nullopt, change_extras)));
  return json::object{};
}

struct Tag {
  std::string key;
  std::string value;
};

Result<std::vector<Tag>> read_tags(const Parameters& parameters) {
  std::vector<Tag> tags;
  for (const auto& fields : TRY(parameters.objects("tags"))) {
    Tag& tag = tags.emplace_back();
    tag.key = TRY(fields.optional_text("key"));
    tag.value = TRY(fields.optional_text("value"));
    if (tags.back().key.empty()) return validation_error("", "tags", "Member must have a key");
  }
  return tags;
}

}  // namespace

Answer list_tags_for_resource(engine::Engine& engine, const Parameters& parameters) {
  const auto machine =
      TRY(resource(engine.describe_state_machine(TRY(parameters.text("resourceArn", kArnLength)))));
  return json::object{{"tags", tags_of(machine.extras)}};
}

Answer tag_resource(engine::Engine& engine, const Parameters& parameters) {
  const auto added = TRY(read_tags(parameters));
  return change_tags(engine, parameters, [&](json::array& tags) -> Status {
    for (const auto& [key, value] : added) {
      remove_tag(tags, key);
      tags.push_back({{"key", key}, {"value", value}});
    }
    if (tags.size() <= kMaxTags) return {};
    return fail(ErrorKind::bad_input, "TooManyTags", fmt::format("expected at most {} tags", kMaxTags));
  });
}

Answer untag_resource(engine::Engine& engine, const Parameters& parameters) {
  const auto removed = TRY(parameters.texts("tagKeys"));
  return change_tags(engine, parameters, [&](json::array& tags) -> Status {
    for (const auto& key : removed) remove_tag(tags, key);
    return {};
  });
}

}  // namespace lamplighter::api
