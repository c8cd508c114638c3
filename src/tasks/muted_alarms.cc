#include "tasks/muted_alarms.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kNamed = 10;

}  // namespace

std::vector<MutedAlarm> muted_alarms(const AlarmDesk& desk) {
  std::vector<MutedAlarm> found;
  desk.read([&](const std::vector<aws::Alarm>& alarms, const AlarmMarks& marks) {
    for (const auto& alarm : alarms) {
      const auto tags = marks.find(alarm.arn);
      if (tags == marks.end()) continue;
      if (auto mark = read_mark(tags->second)) found.push_back({alarm, *std::move(mark)});
    }
  });
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.alarm.name < b.alarm.name; });
  return found;
}

bool is_orphan(const AlarmMark& mark, const std::string& fleet,
               const std::vector<DescribedEnvironment>& environments) {
  return mark.fleet == fleet && std::none_of(environments.begin(), environments.end(),
                                             [&](const auto& one) { return one.name == mark.environment; });
}

std::string orphans_in_words(const AlarmDesk& desk, const std::string& fleet, const std::string& region,
                             const std::vector<DescribedEnvironment>& environments) {
  std::vector<std::string> names;
  std::set<std::string> gone;
  for (const auto& [alarm, mark] : muted_alarms(desk)) {
    if (!is_orphan(mark, fleet, environments)) continue;
    gone.insert(mark.environment);
    names.push_back(alarm.name);
  }
  if (names.empty()) return "";
  const std::size_t more = names.size() - std::min(names.size(), kNamed);
  names.resize(names.size() - more);
  return fmt::format(
      "muted in {} for {}, which the fleet file no longer has: {}{}; \"lamplighter alarms --unmute\" gives "
      "them their voice",
      region, fmt::join(gone, ", "), fmt::join(names, ", "),
      more > 0 ? fmt::format(" and {} more", more) : "");
}

AlarmDesk::Work ask_patiently(const Context& context, const std::vector<aws::Alarm>& alarms,
                              Duration patience, const AskDesk& ask) {
  const Time end = context.clock.steady() + patience;
  auto work = ask(alarms);
  while (!work.waiting.empty() && context.clock.steady() + std::chrono::seconds{work.wait_seconds} < end) {
    context.clock.sleep(std::chrono::seconds{1});
    std::vector<aws::Alarm> rest;
    std::copy_if(alarms.begin(), alarms.end(), std::back_inserter(rest),
                 [&](const auto& alarm) { return work.waiting.count(alarm.name) > 0; });
    auto next = ask(rest);
    work.done.insert(next.done.begin(), next.done.end());
    work.refused.insert(next.refused.begin(), next.refused.end());
    work.waiting = std::move(next.waiting);
    work.trouble = std::move(next.trouble);
    work.wait_seconds = next.wait_seconds;
  }
  return work;
}

}  // namespace lamplighter::tasks
