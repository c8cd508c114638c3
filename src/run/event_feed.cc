#include "run/event_feed.h"

#include <algorithm>

#include "run/executions.h"

namespace lamplighter::run {
namespace {

constexpr std::size_t kPage = 100;

/// Whether what follows it is a branch or an iteration of its own.
bool begins_strands(engine::EventType type) {
  return type == engine::EventType::parallel_state_started ||
         type == engine::EventType::map_iteration_started;
}

}  // namespace

Result<bool> EventFeed::ask() {
  if (ended_) return true;
  if (last_ == 0) {
    CHECK_OK(read_from_start());
    return ended_;
  }
  const auto newest = TRY(executions_.history({arn_, 1, true, ""}));
  if (!newest.items.empty() && newest.items.front().id > last_) CHECK_OK(read_back_to_last());
  return ended_;
}

Status EventFeed::read_from_start() {
  return each_page(executions_, arn_, [&](const auto& events) { tell(events); });
}

/// The API has no way to ask from an event on, so the latest are read backwards.
Status EventFeed::read_back_to_last() {
  std::vector<engine::Event> events;
  engine::HistoryRequest request{arn_, kPage, true, ""};
  bool all = false;
  do {
    auto page = TRY(executions_.history(request));
    for (auto& event : page.items) {
      all = all || event.id <= last_;
      if (event.id > last_) events.push_back(std::move(event));
    }
    request.token = std::move(page.next);
  } while (!all && !request.token.empty());
  std::reverse(events.begin(), events.end());
  tell(std::move(events));
  return {};
}

/// An API doesn't say which branch an event belongs to: it is that of the event before, or a new one.
void EventFeed::tell(std::vector<engine::Event> events) {
  for (auto& event : events) {
    const auto before = strands_.find(event.previous_id);
    if (forks_.count(event.previous_id) > 0) {
      event.strand = ++strand_count_;
    } else {
      event.strand = before == strands_.end() ? 0 : before->second;
    }
    strands_[event.id] = event.strand;
    if (begins_strands(event.type)) forks_.insert(event.id);
    last_ = std::max(last_, event.id);
    ended_ = ended_ || engine::kind_of(event.type) == engine::EventKind::execution_ended;
  }
  if (!each_) return progress_.apply(events);
  for (const auto& event : events) {
    progress_.apply({event});
    each_(event);
  }
}

}  // namespace lamplighter::run
