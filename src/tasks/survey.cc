#include "tasks/survey.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aws/client/error_codes.h"
#include "base/words.h"
#include "json/json.h"
#include "tasks/census.h"
#include "tasks/lookout.h"
#include "tasks/protocol/event_budget.h"
#include "tasks/protocol/payload_budget.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/refusal.h"
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
  void count();
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
  void count_place(const std::vector<const DescribedEnvironment*>& environments, Duration share);
  void halt(const std::string& environment, std::string phase, std::string reason);

  const Context& context_;
  const SurveyPayload& task_;
  std::vector<Census> censuses_;
  SurveyAnswer answer_;
};

Status Survey::choose() {
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
void Survey::count() {
  std::map<Place, std::vector<const DescribedEnvironment*>> places;
  std::map<Place, bool> asked;
  for (const auto& environment : task_.environments) {
    places[place_of(environment)].push_back(&environment);
    asked[place_of(environment)] |= is_chosen(environment.name);
  }
  std::erase_if(places, [&](const auto& place) { return !asked[place.first]; });
  const Time end = context_.clock.steady() + kTimeToLook;
  auto left = static_cast<Duration::rep>(places.size());
  for (const auto& [place, environments] : places) {
    const Duration share = (end - context_.clock.steady()) / left--;
    count_place(environments, std::max<Duration>(share, std::chrono::milliseconds{1}));
  }
}

/// A dark place takes its own share of the time, and no more.
void Survey::count_place(const std::vector<const DescribedEnvironment*>& environments, Duration share) {
  aws::Target target = target_of(*environments.front());
  target.patience = share;
  LookoutDirectory directory(context_, target);
  auto counted = count_servers(directory, environments);
  if (counted) {
    std::move(counted->begin(), counted->end(), std::back_inserter(censuses_));
    return;
  }
  const aws::ErrorCode code = aws::find_error_code(counted.error().code);
  if (!code.lasting && code.concern != aws::Concern::everyone) return;
  for (const auto* environment : environments) halt(environment->name, "", describe(counted.error()));
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
  answer_.looks = std::max(1, looks_for(events_left(chosen, phases, skipped), phases));
}

/// Of what keeps no environment from running.
void Survey::warn() {
  if (task_.topic.empty()) return;
  auto warning = topic_warning(context_, task_.topic, task_.topic_region);
  if (!warning.empty()) answer_.warnings.push_back(std::move(warning));
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
  survey.count();
  survey.judge();
  survey.weigh();
  survey.share_looks();
  survey.warn();
  return std::move(survey).answer();
}

}  // namespace lamplighter::tasks
