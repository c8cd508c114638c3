#include "tasks/memory.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <boost/json.hpp>

#include "json/reader.h"
#include "tasks/protocol/packed_ids.h"

namespace lamplighter::tasks {
namespace {

constexpr int kMaxCount = 1'000'000;
// Reasons may differ for each server (some of AWS's messages hold the id). Past this many, those of further
// servers are kept as their code alone.
constexpr std::size_t kDistinctReasons = 100;

Result<int> read_count(const Reader& fields, std::string_view key) {
  return static_cast<int>(TRY(fields.whole_number(key, 0, kMaxCount)));
}

Result<ServerMemory> read_story(const Reader& fields) {
  ServerMemory story;
  story.accepted = fields.find("accepted") != nullptr;
  story.troubles = static_cast<int>(TRY(fields.optional_count("troubles", kMaxCount)));
  story.asked_at = TRY(fields.optional_time("asked_at")).value_or(Time{});
  story.hopeless = fields.find("hopeless") != nullptr;
  story.together = static_cast<int>(TRY(fields.optional_count("together", kMaxCount)));
  story.reason = TRY(fields.optional_text("reason"));
  return story;
}

Result<AlarmMemory> read_alarms(const Reader& fields) {
  AlarmMemory alarms;
  alarms.disabled = TRY(read_count(fields, "disabled"));
  alarms.troubles = TRY(read_count(fields, "troubles"));
  alarms.finished = fields.find("finished") != nullptr;
  alarms.took_over = fields.find("took_over") != nullptr;
  alarms.reason = TRY(fields.optional_text("reason"));
  return alarms;
}

auto story_key(const ServerMemory& story) {
  return std::tuple(story.accepted, story.troubles, story.asked_at, story.hopeless, story.together,
                    story.reason);
}

json::object story_to_json(const ServerMemory& story, const std::vector<std::string>& ids) {
  json::object object;
  if (story.accepted) object["accepted"] = true;
  if (story.troubles > 0) object["troubles"] = story.troubles;
  if (story.asked_at != Time{}) object["asked_at"] = format_time(story.asked_at);
  if (story.hopeless) object["hopeless"] = true;
  if (story.together > 0) object["together"] = story.together;
  if (!story.reason.empty()) object["reason"] = story.reason;
  object["ids"] = pack_ids(ids);
  return object;
}

json::object alarms_to_json(const AlarmMemory& alarms) {
  json::object object{{"disabled", alarms.disabled}, {"troubles", alarms.troubles}};
  if (alarms.finished) object["finished"] = true;
  if (alarms.took_over) object["took_over"] = true;
  if (!alarms.reason.empty()) object["reason"] = alarms.reason;
  return object;
}

}  // namespace

Result<Memory> recall(const ReconcilePayload& task, const Clock& clock) {
  Memory memory;
  for (const auto& [state, ids] : task.members.first_states) {
    for (const auto& id : ids) memory.servers[id].initial_state = state;
  }
  if (task.memory.is_null()) {
    memory.deadline = clock.steady() + task.timeout - std::chrono::seconds{task.passed};
    memory.alarms.finished = task.alarms == AlarmMatch::none;
    return memory;
  }
  const auto fields = TRY(Reader::of(task.memory, "payload.memory", kInvalidPayload));
  memory.deadline = TRY(fields.time("deadline"));
  memory.turn = TRY(fields.optional_time("turn")).value_or(Time{});
  memory.extra = static_cast<int>(TRY(fields.optional_count("extra", kMaxCount)));
  memory.looks = static_cast<int>(TRY(fields.optional_count("looks", kMaxCount)));
  memory.asked = TRY(fields.optional_time("asked")).value_or(Time{});
  memory.looks_before = static_cast<int>(TRY(fields.optional_count("looks_before", kMaxCount)));
  memory.alarms = TRY(read_alarms(TRY(fields.object("alarms"))));
  for (const auto& entry : TRY(fields.objects("servers"))) {
    auto story = TRY(read_story(entry));
    for (const auto& id : TRY(read_packed_ids(entry, "ids"))) {
      story.initial_state = memory.servers[id].initial_state;
      memory.servers[id] = story;
    }
  }
  return memory;
}

json::value to_json(const Memory& memory) {
  std::map<decltype(story_key({})), std::pair<ServerMemory, std::vector<std::string>>> stories;
  std::set<std::string> reasons;
  for (const auto& [id, remembered] : memory.servers) {
    ServerMemory story = remembered;
    if (reasons.size() >= kDistinctReasons && reasons.count(story.reason) == 0) {
      story.reason = story.reason.substr(0, story.reason.find(':'));
    }
    reasons.insert(story.reason);
    if (story_key(story) == story_key({})) continue;
    auto& [kept, ids] = stories[story_key(story)];
    kept = std::move(story);
    ids.emplace_back(id);
  }
  json::array servers;
  for (const auto& [key, entry] : stories) servers.push_back(story_to_json(entry.first, entry.second));
  json::object object{{"deadline", format_time(memory.deadline)},
                      {"alarms", alarms_to_json(memory.alarms)},
                      {"servers", std::move(servers)}};
  if (memory.turn != Time{}) object["turn"] = format_time(memory.turn);
  if (memory.extra > 0) object["extra"] = memory.extra;
  if (memory.looks > 0) object["looks"] = memory.looks;
  if (memory.asked != Time{}) object["asked"] = format_time(memory.asked);
  if (memory.looks_before > 0) object["looks_before"] = memory.looks_before;
  return object;
}

}  // namespace lamplighter::tasks
