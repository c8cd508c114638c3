#include "simcloud/events.h"

#include "base/uuid.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kMostEntries = 10;
constexpr std::size_t kMostKept = 10'000;
constexpr std::size_t kLargestCall = std::size_t{256} << 10U;

/// As AWS has it, one bad event does not keep the others from the bus.
json::object put(World& world, const json::value& entry) {
  const std::string detail = get_string(entry, "Detail");
  const auto read = parse_json(detail);
  if (!read || !read->is_object())
    return {{"ErrorCode", "MalformedDetail"}, {"ErrorMessage", "Detail is malformed."}};
  if (get_string(entry, "Source").empty() || get_string(entry, "DetailType").empty()) {
    return {{"ErrorCode", "InvalidArgument"},
            {"ErrorMessage", "Parameters Source and DetailType are not valid. Reason: they are required."}};
  }
  world.events.push_back({get_string(entry, "EventBusName", "default"), get_string(entry, "Source"),
                          get_string(entry, "DetailType"), *read, world.now});
  if (world.events.size() > kMostKept) world.events.pop_front();
  const std::uint64_t high = world.random.next();
  return {{"EventId", make_uuid(high, world.random.next())}};
}

}  // namespace

bool has_events_action(std::string_view action) { return action == "PutEvents"; }

Answer answer_events(World& world, const Call& call) {
  const json::value* entries = call.body.if_contains("Entries");
  const std::size_t count = entries != nullptr && entries->is_array() ? entries->get_array().size() : 0;
  if (count == 0 || count > kMostEntries || json_text(call.body).size() > kLargestCall)
    return refuse("ValidationException", "1 to 10 Entries are needed, of at most 256 KB.");
  json::array answered;
  std::int64_t failed = 0;
  for (const json::value& entry : entries->get_array()) {
    answered.push_back(put(world, entry));
    if (answered.back().as_object().contains("ErrorCode")) ++failed;
  }
  return json::object{{"FailedEntryCount", failed}, {"Entries", std::move(answered)}};
}

}  // namespace lamplighter::simcloud
