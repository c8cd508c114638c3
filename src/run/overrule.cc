#include "run/overrule.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "base/plain_text.h"
#include "base/who.h"
#include "fleet/schedule_days.h"
#include "fleet/upcoming.h"
#include "run/command.h"
#include "run/keeps_end.h"
#include "run/override_table.h"
#include "tasks/admission/overrides.h"
#include "tasks/admission/ruling.h"
#include "tasks/refusal.h"

namespace lamplighter::run {
namespace {

using tasks::Override;

Status check_environments(const fleet::Fleet& fleet, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const auto& environment : fleet.environments) known.push_back(environment.name);
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return fail(ErrorKind::bad_input, "UnknownEnvironment",
                fmt::format("found the environment \"{}\", expected one of {}{}", plain_line(name),
                            fmt::join(known, ", "), did_you_mean(name, known)));
  }
  return {};
}

Result<const fleet::Schedule*> find_schedule(const fleet::Fleet& fleet, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& schedule : fleet.schedules) {
    if (schedule.name == name) return &schedule;
    known.push_back(schedule.name);
  }
  return fail(ErrorKind::bad_input, "UnknownSchedule",
              fmt::format("found the schedule \"{}\", expected one of the fleet's: {}{}", plain_line(name),
                          known.empty() ? "it has none" : fmt::format("{}", fmt::join(known, ", ")),
                          did_you_mean(name, known)));
}

std::string this_user() { return fmt::format("{}@{}", own_user_name(), host_name()); }

/// The schedule's next occurrence that its calendars let run.
Result<Time> next_due(const fleet::Fleet& fleet, const fleet::Schedule& schedule, Time now) {
  const auto not_due = [&](std::string_view why) {
    return fail(ErrorKind::bad_input, "NotDue", fmt::format("found \"{}\", {}", schedule.name, why));
  };
  if (schedule.expression.starts_with("rate") && !schedule.start_date)
    return not_due("a rate without a start_date, whose moments only who fires it knows; expected until WHEN");
  fleet::Occurrences occurrences({&schedule}, now);
  for (auto one = occurrences.next(); one && *one->due <= now + tasks::kLongestOverride;
       one = occurrences.next()) {
    if (TRY(fleet::verdict(fleet, schedule, *one->due)).runs) return *one->due;
  }
  return not_due("which is not due in the next 31 days");
}

Result<Override> made_of(const fleet::Fleet& fleet, const Wish& wish, Time now) {
  Override made;
  made.kind = wish.kind;
  made.timezone = fleet.timezone;
  made.by = this_user();
  made.why = plain_line(wish.why);
  for (const auto& name : wish.environments) {
    if (std::find(made.environments.begin(), made.environments.end(), name) == made.environments.end())
      made.environments.push_back(name);
  }
  made.wanted = wish.wanted;
  made.schedule = wish.schedule;
  made.undone = wish.undone;
  CHECK_OK(check_environments(fleet, wish.environments));
  const fleet::Schedule* schedule = nullptr;
  if (wish.kind == Override::Kind::skip) schedule = TRY(find_schedule(fleet, wish.schedule));
  if (wish.next) {
    made.occurrence = TRY(next_due(fleet, *schedule, now));
    made.until = *made.occurrence;
  } else {
    made.until = TRY(moment_of(wish.until, fleet.timezone, now));
  }
  return made;
}

/// A command about these overrides.
std::string command_of(const Overruling& where, std::string_view verb, std::vector<std::string> arguments) {
  Command command{.verb = std::string(verb),
                  .arguments = std::move(arguments),
                  .file = where.file,
                  .state_dir = where.place.state_dir};
  if (where.place.cloud) {
    command.arguments.emplace_back("--cloud");
    command.aws = where.place.cloud->aws;
  }
  return command_text(command, SystemHost());
}

std::string end_command(const Overruling& where, std::uint64_t id) {
  return command_of(where, "overrides", {"end", fmt::format("{}", id)});
}

/// Begins all the same what another keep refuses.
std::string despite_command(const Overruling& where, const Wish& wish) {
  std::vector<std::string> arguments = wish.environments;
  arguments.insert(arguments.end(), {"--for", wish.until.text, "--override"});
  if (!wish.why.empty()) arguments.insert(arguments.end(), {"--why", wish.why});
  return command_of(where, to_string(wish.wanted), std::move(arguments));
}

/// Why nobody would bring about what is to be at its end; "" where somebody does.
std::string nobody_there(const Overruling& where, OverrideTable& table) {
  if (!table.desk) return "nothing ever ran in the state directory";
  return nobody_to_end_keeps(*table.desk, where.fleet, where.place);
}

/// What is to be undone is begun only where somebody undoes it, and against nobody's decision.
Status check_undone(const Overruling& where, OverrideTable& table, const Wish& wish, Time now) {
  const auto why = nobody_there(where, table);
  if (!why.empty()) {
    return fail(ErrorKind::bad_input, "NobodyEndsIt",
                fmt::format("nothing was changed: nobody would {} {} again: {}",
                            wish.wanted == tasks::Action::start ? "stop" : "start",
                            fmt::join(wish.environments, ", "), why));
  }
  const auto all = TRY(tasks::Overrides(*table.table, where.fleet.name).read());
  for (const auto& name : wish.environments) {
    const auto ruling = tasks::overruled(all, {wish.wanted, name, {}, wish.despite_keeps}, now);
    if (ruling.kind == tasks::Ruling::Kind::goes_ahead) continue;
    return fail(ErrorKind::bad_input, "Overruled",
                fmt::format("nothing was changed: {}: {}; this does it all the same:\n  {}", name, ruling.why,
                            despite_command(where, wish)));
  }
  return {};
}

/// Lets somebody bring about what is wanted at its end; the warning where nobody does so.
Status arrange_end(const Overruling& where, OverrideTable& table, Overruled& done) {
  const auto others = TRY(tasks::Overrides(*table.table, where.fleet.name).read());
  const auto end = TRY(end_of(where.fleet, done.made));
  done.at_end = opposed_at_end(done.made, end, others);
  std::string why = nobody_there(where, table);
  if (why.empty()) {
    const auto arranged = schedule_end(*table.desk, where.fleet, where.place, done.made, end);
    if (!arranged) why = tasks::describe(arranged.error());
  }
  if (done.at_end.empty() || why.empty()) return {};
  done.warning =
      fmt::format("nobody {}s {} at its end: {}", done.made.wanted == tasks::Action::start ? "stop" : "start",
                  fmt::join(done.at_end, ", "), why);
  return {};
}

}  // namespace

Result<Overruled> overrule(const Overruling& where, const Wish& wish) {
  auto table = TRY(open_override_table(where, Purpose::change));
  return overrule(table, where, wish);
}

Result<Overruled> overrule(OverrideTable& table, const Overruling& where, const Wish& wish) {
  const Time now = table.now();
  tasks::Overrides overrides(*table.table, where.fleet.name);
  if (wish.undone) CHECK_OK(check_undone(where, table, wish, now));
  Overruled done;
  done.made = TRY(overrides.add(TRY(made_of(where.fleet, wish, now)), now));
  done.end_command = end_command(where, done.made.id);
  done.words = words_of(done.made, now);
  if (wish.kind == Override::Kind::keep) CHECK_OK(arrange_end(where, table, done));
  if (wish.undone && !done.warning.empty()) {
    TRY(overrides.end(done.made.id, now));
    return fail(ErrorKind::bad_input, "NobodyEndsIt", "nothing was changed: " + done.warning);
  }
  return done;
}

Result<Overruled> extend(const Overruling& where, const Extension& extension) {
  auto table = TRY(open_override_table(where, Purpose::change));
  const Time now = table.now();
  CHECK_OK(check_environments(where.fleet, {extension.environment}));
  tasks::Overrides overrides(*table.table, where.fleet.name);
  const auto all = TRY(overrides.read());
  const Override* keep = tasks::keep_of(all, extension.environment, now);
  if (keep == nullptr) {
    return fail(
        ErrorKind::bad_input, "NotKept",
        fmt::format("found no keep of {} that is in force, expected one to extend", extension.environment));
  }
  Overruled done;
  done.made = *keep;
  done.made.until += extension.by;
  done.made.by = this_user();
  if (!extension.why.empty()) done.made.why = plain_line(extension.why);
  if (keep->environments.size() > 1) {  // the others' end stays
    Override rest = *keep;
    std::erase(rest.environments, extension.environment);
    CHECK_OK(overrides.replace(rest, now));
    Overruled others;
    others.made = rest;
    CHECK_OK(arrange_end(where, table, others));
    done.made.environments = {extension.environment};
    done.made = TRY(overrides.add(done.made, now));
  } else {
    CHECK_OK(overrides.replace(done.made, now));
  }
  done.end_command = end_command(where, done.made.id);
  done.words = words_of(done.made, now);
  CHECK_OK(arrange_end(where, table, done));
  return done;
}

Result<OverrideList> overrides_at(const Overruling& where) {
  auto opened = open_override_table(where, Purpose::look);
  if (!opened && opened.error().code == "NoExecutions") return OverrideList{{}, SystemClock().now()};
  OverrideTable table = TRY(std::move(opened));
  auto all = TRY(tasks::Overrides(*table.table, where.fleet.name).read());
  OverrideList list{std::move(all), table.now()};
  std::erase_if(list.in_force, [&](const auto& one) { return !is_in_force(one, list.now); });
  return list;
}

Result<OverrideList> overrides_in_reach(const Overruling& where) {
  const auto& coordination = where.fleet.coordination;
  if (coordination.kind == tasks::Coordination::Kind::table && !TRY(desk_of_holder(where.place.state_dir))) {
    return fail(ErrorKind::bad_input, "NotInReach",
                fmt::format("they are in the DynamoDB table {}, which is not asked here; this lists them: {}",
                            coordination.table, command_of(where, "overrides", {})));
  }
  return overrides_at(where);
}

std::map<std::string, std::uint64_t> kept_by_later(const OverrideList& list, const Override& keep) {
  std::map<std::string, std::uint64_t> later;
  if (keep.kind != Override::Kind::keep) return later;
  for (const auto& environment : keep.environments) {
    const Override* counts = tasks::keep_of(list.in_force, environment, list.now);
    if (counts != nullptr && counts->id != keep.id) later.emplace(environment, counts->id);
  }
  return later;
}

Result<Overruled> end_override(const Overruling& where, std::uint64_t id) {
  auto table = TRY(open_override_table(where, Purpose::change));
  const Time now = table.now();
  Overruled done;
  done.made = TRY(tasks::Overrides(*table.table, where.fleet.name).end(id, now));
  done.words = words_of(done.made, now);
  if (done.made.kind != Override::Kind::keep || !table.desk) return done;
  const auto forgotten = forget_end(*table.desk, where.fleet, where.place, done.made);
  if (!forgotten)
    done.warning =
        fmt::format("what was to be done at its end still is: {}", tasks::describe(forgotten.error()));
  return done;
}

}  // namespace lamplighter::run
