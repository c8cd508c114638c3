#include "tasks/survey.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aws/client/error_codes.h"
#include "aws/services/sts.h"
#include "base/words.h"
#include "json/json.h"
#include "json/reader.h"
#include "tasks/account.h"
#include "tasks/admission/calendar.h"
#include "tasks/census.h"
#include "tasks/lookout.h"
#include "tasks/protocol/event_budget.h"
#include "tasks/protocol/payload_budget.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/refusal.h"
#include "tasks/run_input.h"
#include "tasks/target.h"
#include "tasks/topic.h"

namespace lamplighter::tasks {
namespace {

// What is left of the task's time composes the answer.
constexpr Duration kTimeToLook = kReportTimeout * 2 / 3;

/// Region and role.
using Place = std::pair<std::string, std::string>;
Place place_of(const DescribedEnvironment& environment) { return {environment.region, environment.role_arn}; }

/// One survey: its parts in the order in which they are called.
class Survey {
 public:
  Survey(const Context& context, const SurveyPayload& task) : context_(context), task_(task) {}

  Status choose();
  Status count();
  void judge();
  void weigh();
  void share_looks();
  void warn();
  [[nodiscard]] SurveyAnswer answer() && { return std::move(answer_); }

 private:
  [[nodiscard]] bool is_chosen(const std::string& name) const {
    return task_.chosen.empty() ||
           std::find(task_.chosen.begin(), task_.chosen.end(), name) != task_.chosen.end();
  }
  EnvironmentVerdict& verdict_of(const std::string& name) {
    return *std::find_if(answer_.environments.begin(), answer_.environments.end(),
                         [&](const auto& verdict) { return verdict.name == name; });
  }
  Status count_place(const std::vector<const DescribedEnvironment*>& environments, Duration share);
  void check_accounts(const std::vector<const DescribedEnvironment*>& environments,
                      const aws::Target& target);
  void halt(const std::string& environment, std::string phase, std::string reason);

  const Context& context_;
  const SurveyPayload& task_;
  std::optional<Occurrence> occurrence_;
  std::vector<Census> censuses_;
  SurveyAnswer answer_;
};

Status Survey::choose() {
  if (!task_.input.is_null()) {
    CHECK_OK(check_run_input(task_.input));
    occurrence_ = TRY(read_occurrence(TRY(Reader::of(task_.input, "input", kInvalidInput))));
  }
  std::vector<std::string> known;
  for (const auto& environment : task_.environments) {
    known.push_back(environment.name);
    const Verdict verdict = is_chosen(environment.name) ? Verdict::run : Verdict::skipped;
    answer_.environments.push_back({environment.name, verdict, "", ""});
  }
  for (const auto& name : task_.chosen) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return fail(ErrorKind::bad_input, "UnknownEnvironment",
                fmt::format("the input's environments: found \"{}\", expected one of {}", name,
                            fmt::join(known, ", ")));
  }
  return {};
}

/// All environments of the places in which one is chosen: a server may be in a chosen and in another one.
/// Error: no place at all answers.
Status Survey::count() {
  std::map<Place, std::vector<const DescribedEnvironment*>> places;
  std::map<Place, bool> asked;
  for (const auto& environment : task_.environments) {
    places[place_of(environment)].push_back(&environment);
    asked[place_of(environment)] |= is_chosen(environment.name);
  }
  std::erase_if(places, [&](const auto& place) { return !asked[place.first]; });
  const Time end = context_.clock.steady() + kTimeToLook;
  auto left = static_cast<Duration::rep>(places.size());
  Status dark;
  std::size_t dark_places = 0;
  for (const auto& [place, environments] : places) {
    const Duration share = (end - context_.clock.steady()) / left--;
    const Status counted = count_place(environments, std::max<Duration>(share, std::chrono::milliseconds{1}));
    if (counted) continue;
    dark = counted;
    ++dark_places;
  }
  return dark_places < places.size() ? Status{} : dark;
}

/// A dark place takes its own share of the time, and no more. Error: it is dark, and may answer in a moment.
Status Survey::count_place(const std::vector<const DescribedEnvironment*>& environments, Duration share) {
  const Time end = context_.clock.steady() + share;
  aws::Target target = target_of(*environments.front());
  target.until = {&context_.clock, end};
  check_accounts(environments, target);
  LookoutDirectory directory(context_, target);
  auto counted = count_servers(directory, environments);
  if (counted) {
    std::move(counted->begin(), counted->end(), std::back_inserter(censuses_));
    return {};
  }
  const aws::ErrorCode code = aws::find_error_code(counted.error().code);
  if (code.concern == aws::Concern::nobody) return tl::unexpected(counted.error());
  if (!code.lasting && code.concern != aws::Concern::everyone) return {};
  for (const auto* environment : environments) halt(environment->name, "", describe(counted.error()));
  return {};
}

/// Where the account can't be asked for now, admission asks again.
void Survey::check_accounts(const std::vector<const DescribedEnvironment*>& environments,
                            const aws::Target& target) {
  const auto is_any = [](const DescribedEnvironment* one) { return one->account.empty(); };
  if (std::all_of(environments.begin(), environments.end(), is_any)) return;
  const auto found = aws::Sts(context_.caller, target).get_caller_identity();
  if (!found) return;
  for (const auto* environment : environments) {
    std::string wrong = wrong_account(*environment, found->account);
    if (!wrong.empty()) halt(environment->name, "", std::move(wrong));
  }
}

void Survey::judge() {
  const auto in_the_way = obstacles(censuses_);
  for (std::size_t i = 0; i < censuses_.size(); ++i) {
    if (!in_the_way[i].reason.empty()) {
      halt(censuses_[i].environment, in_the_way[i].phase, in_the_way[i].reason);
    }
  }
}

void Survey::halt(const std::string& environment, std::string phase, std::string reason) {
  EnvironmentVerdict& verdict = verdict_of(environment);
  if (verdict.verdict != Verdict::run) return;
  verdict.verdict = Verdict::halted;
  verdict.phase = std::move(phase);
  verdict.reason = std::move(reason);
}

/// The history's events, shared out among the phases that will run.
void Survey::share_looks() {
  int chosen = 0;
  int phases = 0;
  for (const auto& environment : task_.environments) {
    if (verdict_of(environment.name).verdict != Verdict::run) continue;
    ++chosen;
    phases += static_cast<int>(environment.phases.size());
  }
  const int skipped = static_cast<int>(task_.environments.size()) - chosen;
  answer_.looks = std::max(1, looks_for(events_left(chosen, phases, skipped, task_.recipients), phases));
}

/// Of what keeps no environment from running.
void Survey::warn() {
  const auto say = [&](std::string warning) {
    if (!warning.empty()) answer_.warnings.push_back(std::move(warning));
  };
  say(calendar_warning(occurrence_));
  if (!task_.topic.empty()) say(topic_warning(context_, task_.topic, task_.topic_region));
  for (const auto& more : task_.more_topics) say(topic_warning(context_, more.topic, more.region));
}

/// What is carried must fit into one payload.
void Survey::weigh() {
  std::size_t bytes = 0;
  std::size_t servers = 0;
  for (const auto& census : censuses_) {
    if (verdict_of(census.environment).verdict != Verdict::run) continue;
    bytes += json_text(to_json(census.memberships())).size();
    for (const auto& phase : census.phases) servers += phase.members.size();
  }
  std::size_t phases = 0;
  for (const auto& environment : task_.environments) phases += environment.phases.size();
  const std::size_t room = members_room(json_text(to_json(task_.environments)).size(), phases);
  if (bytes <= room) return;
  const std::string reason =
      fmt::format("{} take {} bytes, one execution can carry {}: run fewer environments at once",
                  count_of(servers, "server"), bytes, room);
  for (const auto& environment : task_.environments) halt(environment.name, "", reason);
}

}  // namespace

Result<SurveyAnswer> survey(const Context& context, const SurveyPayload& task) {
  Survey survey(context, task);
  CHECK_OK(survey.choose());
  CHECK_OK(survey.count());
  survey.judge();
  survey.weigh();
  survey.share_looks();
  survey.warn();
  return std::move(survey).answer();
}

}  // namespace lamplighter::tasks
