#include "tasks/admit.h"

#include "aws/services/sts.h"
#include "tasks/account.h"
#include "tasks/admission/claiming.h"
#include "tasks/branch_tenure.h"
#include "tasks/census.h"
#include "tasks/fleet_leases.h"
#include "tasks/lookout.h"
#include "tasks/overruled.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

AdmitAnswer halted(std::string reason) { return {Admission::halted, "", std::move(reason)}; }

/// What people have decided about it; "run" where nothing stands against it.
Result<AdmitAnswer> ask_people(const Context& context, FleetLeases& leases, const AdmitPayload& task) {
  auto ruling = TRY(overruled(context, leases, task));
  switch (ruling.kind) {
    case Ruling::Kind::goes_ahead:
      return AdmitAnswer{Admission::run, "", ""};
    case Ruling::Kind::skipped:
      return AdmitAnswer{Admission::skipped, "", std::move(ruling.why)};
    case Ruling::Kind::refused:
      break;
  }
  return halted(std::move(ruling.why));
}

/// The lease on the environment, or what it waits for; "run" with none where runs agree on nothing.
Result<AdmitAnswer> claim(const Context& context, FleetLeases& leases, const AdmitPayload& task) {
  if (leases.get() == nullptr) return AdmitAnswer{Admission::run, "", ""};
  const Claim claim{{leases.holder(task.execution), task.started, task.action},
                    task.on_conflict,
                    kFirstHold,
                    context.clock.now()};
  auto claimed = TRY(claim_lease(*leases.get(), task.environment.name, claim, task.claim, leases));
  switch (claimed.kind) {
    case Claimed::Kind::admitted:
      return AdmitAnswer{Admission::run, "", "", {}, 1, {}, {claimed.generation, 0}};
    case Claimed::Kind::waiting:
      return AdmitAnswer{Admission::waiting,   "",          std::move(claimed.why), {},
                         claimed.wait_seconds, claimed.seen};
    case Claimed::Kind::refused:
      break;
  }
  return halted(std::move(claimed.why));
}

Result<std::string> account_problem(const Context& context, const DescribedEnvironment& environment) {
  if (environment.account.empty()) return std::string();
  const auto found = TRY(aws::Sts(context.caller, target_of(environment)).get_caller_identity());
  return wrong_account(environment, found.account);
}

/// Who they are, and in which states.
Status fix_members(const Context& context, const AdmitPayload& task, AdmitAnswer& answer) {
  LookoutDirectory directory(context, target_of(task.environment));
  const auto censuses = TRY(count_servers(directory, {&task.environment}));
  Obstacle obstacle = obstacles(censuses).front();
  if (!obstacle.reason.empty()) answer.status = Admission::halted;
  answer.phase = std::move(obstacle.phase);
  answer.reason = std::move(obstacle.reason);
  answer.members = censuses.front().memberships();
  if (answer.status == Admission::run && context.lookout != nullptr) {  // its first phase is looked at next
    const Membership& first = answer.members[task.environment.phases.front().name];
    context.lookout->expect(target_of(task.environment), first.ids(), task.action == Action::start,
                            Duration::zero());
  }
  return {};
}

}  // namespace

Result<AdmitAnswer> admit(const Context& context, const AdmitPayload& task) {
  auto problem = TRY(account_problem(context, task.environment));
  if (!problem.empty()) return halted(std::move(problem));
  FleetLeases leases(context, task.coordination, task.fleet);
  auto answer = TRY(ask_people(context, leases, task));
  if (answer.status == Admission::run) answer = TRY(claim(context, leases, task));
  if (answer.status == Admission::run) CHECK_OK(fix_members(context, task, answer));
  return answer;
}

}  // namespace lamplighter::tasks
