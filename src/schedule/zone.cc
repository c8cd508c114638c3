#include "schedule/zone.h"

#include <algorithm>

namespace lamplighter::schedule {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr int kCycleYears = 400;
constexpr days kCycle{146'097};
// Rules are of our time: a file whose listed changes end before or after has its rule from here on.
constexpr year kFirstYear{1900};
constexpr year kLastYear{2500};

year year_of(sys_seconds time) {
  const auto within =
      std::clamp<sys_seconds>(time, sys_days(kFirstYear / 1 / 1), sys_days(kLastYear / 1 / 1));
  return year_month_day(std::chrono::floor<days>(within)).year();
}

sys_seconds to_sys(std::chrono::local_seconds local, seconds offset) {
  return sys_seconds(local.time_since_epoch() - offset);
}

/// In rising order; of two at the same moment the one that counts is last.
std::vector<Zone::Change> changes_of(const PosixRule& rule, year first, year last) {
  std::vector<Zone::Change> changes;
  for (year y = first; y <= last; ++y) {
    changes.push_back({to_sys(rule.summer->end.in(y), rule.summer->offset), rule.offset});
    changes.push_back({to_sys(rule.summer->begin.in(y), rule.offset), rule.summer->offset});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return changes;
}

/// How far beyond the first cycle a moment is, in whole cycles.
seconds cycles_beyond(seconds time, seconds first_cycle) {
  return time < first_cycle + kCycle ? seconds(0) : (time - first_cycle) / kCycle * seconds(kCycle);
}

}  // namespace

Zone::Zone(seconds first_offset, Changes changes, const std::optional<PosixRule>& afterwards)
    : first_offset_(first_offset), changes_(std::move(changes)) {
  if (afterwards && afterwards->summer) go_on(*afterwards);
}

void Zone::go_on(const PosixRule& rule) {
  const sys_seconds listed_until = changes_.empty() ? sys_seconds::min() : changes_.back().at;
  const year first = year_of(listed_until);
  const std::size_t listed = changes_.size();
  for (const Change& change : changes_of(rule, first, first + std::chrono::years(kCycleYears + 2))) {
    if (change.at <= listed_until) continue;
    const bool same_moment = changes_.size() > listed && changes_.back().at == change.at;
    if (same_moment) changes_.pop_back();
    if (offset_before(changes_.end()) != change.offset) changes_.push_back(change);
  }
  repeats_from_ = sys_days((first + std::chrono::years(2)) / 1 / 1);
}

seconds Zone::offset_before(Changes::const_iterator change) const {
  return change == changes_.begin() ? first_offset_ : std::prev(change)->offset;
}

std::chrono::local_seconds Zone::to_local(sys_seconds time) const {
  seconds beyond{0};
  if (repeats_from_) beyond = cycles_beyond(time.time_since_epoch(), repeats_from_->time_since_epoch());
  const auto next = std::upper_bound(changes_.begin(), changes_.end(), time - beyond,
                                     [](sys_seconds at, const Change& change) { return at < change.at; });
  return std::chrono::local_seconds(time.time_since_epoch() + offset_before(next));
}

std::optional<sys_seconds> Zone::to_utc(std::chrono::local_seconds local) const {
  seconds beyond{0};
  if (repeats_from_) beyond = cycles_beyond(local.time_since_epoch(), repeats_from_->time_since_epoch());
  const sys_seconds shown(local.time_since_epoch() -
                          beyond);  // on the first cycle's clock, as if it were UTC's
  auto next = std::upper_bound(changes_.begin(), changes_.end(), shown - kMaxOffset,
                               [](sys_seconds at, const Change& change) { return at < change.at; });
  for (;; ++next) {
    const sys_seconds time = shown - offset_before(next);
    const bool has_begun = next == changes_.begin() || time >= std::prev(next)->at;
    if (has_begun && (next == changes_.end() || time < next->at)) return time + beyond;
    if (next == changes_.end() || next->at > shown + kMaxOffset) return std::nullopt;
  }
}

}  // namespace lamplighter::schedule
