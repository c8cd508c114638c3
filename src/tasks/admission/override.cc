#include "tasks/admission/override.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "json/reader.h"
#include "schedule/time_zone.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kInvalidOverride = "InvalidOverride";
constexpr std::int64_t kMostIds = std::int64_t{1} << 50U;

constexpr std::array<std::pair<Override::Kind, std::string_view>, 3> kKinds{
    {{Override::Kind::keep, "keep"}, {Override::Kind::skip, "skip"}, {Override::Kind::pause, "pause"}}};

Result<Override::Kind> read_kind(const Reader& fields) {
  const auto word = TRY(fields.text("kind"));
  for (const auto& [kind, known] : kKinds) {
    if (known == word) return kind;
  }
  return fields.unexpected("kind", R"("keep", "skip" or "pause")");
}

Result<Action> read_wanted(const Reader& fields) {
  const auto word = TRY(fields.text("state"));
  for (const auto action : {Action::start, Action::stop}) {
    if (kept_word(action) == word) return action;
  }
  return fields.unexpected("state", R"("running" or "stopped")");
}

std::tm shown(Time moment, const std::string& timezone) {
  return fmt::gmtime(schedule::to_local(timezone, moment).time_since_epoch().count());
}

tl::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::bad_input, std::string(kInvalidOverride), std::move(message));
}

}  // namespace

std::string_view to_string(Override::Kind kind) {
  const auto* const found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == kind; });
  return found == kKinds.end() ? "" : found->second;
}

std::string_view kept_word(Action wanted) { return wanted == Action::start ? "running" : "stopped"; }

bool is_in_force(const Override& one, Time now) { return now < one.until; }

std::string moment_words(Time moment, const std::string& timezone, Time now) {
  const std::tm at = shown(moment, timezone);
  const std::tm today = shown(now, timezone);
  const bool same_day = at.tm_year == today.tm_year && at.tm_yday == today.tm_yday;
  return fmt::format("{}{:%H:%M}{} ({})", same_day ? "" : fmt::format("{:%Y-%m-%d} ", at), at,
                     at.tm_sec == 0 ? "" : fmt::format(":{:02}", at.tm_sec), timezone);
}

std::string about(const Override& one, Time now) {
  switch (one.kind) {
    case Override::Kind::keep:
      return fmt::format("{}", fmt::join(one.environments, ", "));
    case Override::Kind::skip:
      return fmt::format("\"{}\"{}", one.schedule,
                         one.occurrence ? ", due " + moment_words(*one.occurrence, one.timezone, now) : "");
    case Override::Kind::pause:
      break;
  }
  return "all schedules";
}

std::string words_of(const Override& one, Time now) {
  const std::string said = fmt::format(" by {}{}{}", one.by, one.why.empty() ? "" : ": ", one.why);
  const std::string until = "until " + moment_words(one.until, one.timezone, now);
  switch (one.kind) {
    case Override::Kind::keep:
      return fmt::format("kept {} {}{}", kept_word(one.wanted), until, said);
    case Override::Kind::skip:
      return fmt::format("skipped {}{}", one.occurrence ? "once" : until, said);
    case Override::Kind::pause:
      break;
  }
  return fmt::format("paused {}{}", until, said);
}

Status check(const Override& one, Time now) {
  const auto until = moment_words(one.until, one.timezone, now);
  if (one.until <= now)
    return invalid(fmt::format("found {}, which has passed, expected a later moment", until));
  if (one.until > now + kLongestOverride) {
    return invalid(fmt::format("found {}, expected at most 31 days from now: {}", until,
                               moment_words(now + kLongestOverride, one.timezone, now)));
  }
  if (one.why.size() > kLongestWhy) {
    return invalid(
        fmt::format("found a reason of {} bytes, expected at most {}", one.why.size(), kLongestWhy));
  }
  return {};
}

json::object to_json(const Override& one) {
  json::object object{{"id", one.id},
                      {"kind", to_string(one.kind)},
                      {"until", format_time(one.until)},
                      {"timezone", one.timezone},
                      {"by", one.by},
                      {"why", one.why},
                      {"made", format_time(one.made)}};
  if (one.kind == Override::Kind::keep) {
    object["environments"] = json::value_from(one.environments);
    object["state"] = kept_word(one.wanted);
    if (one.undone) object["undone"] = true;
  }
  if (one.kind == Override::Kind::skip) {
    object["schedule"] = one.schedule;
    if (one.occurrence) object["occurrence"] = format_time(*one.occurrence);
  }
  return object;
}

Result<Override> read_override(const Reader& fields) {
  Override one;
  one.id = static_cast<std::uint64_t>(TRY(fields.whole_number("id", 1, kMostIds)));
  one.kind = TRY(read_kind(fields));
  one.until = TRY(fields.time("until"));
  one.timezone = TRY(fields.nonempty_text("timezone"));
  one.by = TRY(fields.optional_text("by"));
  one.why = TRY(fields.optional_text("why"));
  one.made = TRY(fields.time("made"));
  if (one.kind == Override::Kind::keep) {
    one.environments = TRY(fields.optional_texts("environments"));
    one.wanted = TRY(read_wanted(fields));
    one.undone = fields.find("undone") != nullptr && TRY(fields.truth("undone"));
  }
  if (one.kind == Override::Kind::skip) {
    one.schedule = TRY(fields.nonempty_text("schedule"));
    one.occurrence = TRY(fields.optional_time("occurrence"));
  }
  return one;
}

}  // namespace lamplighter::tasks
