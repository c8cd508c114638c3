#include "tasks/admit.h"

#include "aws/services/sts.h"
#include "tasks/account.h"
#include "tasks/census.h"
#include "tasks/lookout.h"
#include "tasks/target.h"

namespace lamplighter::tasks {

Result<AdmitAnswer> admit(const Context& context, const AdmitPayload& task) {
  if (!task.environment.account.empty()) {
    const auto found = TRY(aws::Sts(context.caller, target_of(task.environment)).get_caller_identity());
    std::string wrong = wrong_account(task.environment, found.account);
    if (!wrong.empty()) return AdmitAnswer{false, "", std::move(wrong), {}};
  }
  LookoutDirectory directory(context, target_of(task.environment));
  const auto censuses = TRY(count_servers(directory, {&task.environment}));
  Obstacle obstacle = obstacles(censuses).front();
  AdmitAnswer answer;
  answer.admitted = obstacle.reason.empty();
  answer.phase = std::move(obstacle.phase);
  answer.reason = std::move(obstacle.reason);
  answer.members = censuses.front().memberships();
  if (answer.admitted && context.lookout != nullptr) {  // its first phase is about to be looked at
    const Membership& first = answer.members[task.environment.phases.front().name];
    context.lookout->expect(target_of(task.environment), first.ids(), task.action == Action::start,
                            Duration::zero());
  }
  return answer;
}

}  // namespace lamplighter::tasks
