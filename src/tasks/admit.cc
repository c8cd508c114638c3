#include "tasks/admit.h"

#include "tasks/census.h"
#include "tasks/target.h"

namespace lamplighter::tasks {

Result<AdmitAnswer> admit(const Context& context, const AdmitPayload& task) {
  aws::Ec2 ec2(context.caller, target_of(task.environment));
  const auto censuses = TRY(count_servers(ec2, {&task.environment}));
  Obstacle obstacle = obstacles(censuses).front();
  AdmitAnswer answer;
  answer.admitted = obstacle.reason.empty();
  answer.phase = std::move(obstacle.phase);
  answer.reason = std::move(obstacle.reason);
  answer.members = censuses.front().memberships();
  return answer;
}

}  // namespace lamplighter::tasks
