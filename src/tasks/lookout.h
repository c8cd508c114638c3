// One look serves all: what the phases of an account and region need to know of their servers at the same
// time is asked of EC2 once, below its rates.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "aws/client/rates.h"
#include "aws/services/ec2.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "tasks/protocol/action.h"
#include "tasks/servers.h"
#include "tasks/shared_answers.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// "ec2:StartInstances", "ec2:StopInstances".
std::string_view api_of(Action action);

/// Whoever runs tasks owns one for all of them. What EC2 said within the last second is not asked again,
/// unless this process has changed it. Keeps references to `caller` and `clock`. Safe to use from several
/// threads.
class Lookout {
 public:
  using Ids = std::vector<std::string>;

  Lookout(aws::Caller& caller, Clock& clock) : caller_(caller), clock_(clock) {}

  /// The instances with these ids; one that is gone is missing. Error: aws, of this target alone.
  Result<std::map<std::string, aws::Instance>> instances(const aws::Target& target, const Ids& ids);
  /// The status checks of `ids`, which run.
  Result<std::map<std::string, aws::InstanceStatus>> statuses(const aws::Target& target, const Ids& ids);

  /// The instances with these Name tags, or with all of these tags, as EC2 said within the last seconds: for
  /// who looks right after another, as every environment's admit does after the survey.
  Result<std::vector<aws::Instance>> named(const aws::Target& target, const std::vector<std::string>& names);
  Result<std::vector<aws::Instance>> tagged(const aws::Target& target, const Tags& tags);

  /// A phase will look at `ids` again after `wait`, at their status checks too if `checks`: who looks at
  /// about the same time asks for them as well.
  void expect(const aws::Target& target, const Ids& ids, bool checks, Duration wait);

  /// Whether a call for so many servers may be made now. Books it, and may sleep for a few seconds.
  using Turn = std::function<Status(std::size_t servers)>;

  /// Starts (stops) `ids`, a hundred at most, by `caller`, which ends with its task, in one call with those
  /// that other threads are about to start (stop); that call takes no longer than kChange. Error: what `turn`
  /// or EC2 said; kRefusedTogether where EC2 refused a call for others too.
  Status change_together(aws::Caller& caller, const aws::Target& target, Action action, const Ids& ids,
                         const Turn& turn);
  /// The same in a call of its own.
  Status change(aws::Caller& caller, const aws::Target& target, Action action, const Ids& ids,
                const Turn& turn);

  /// Two of them, and their turns, beside the calls of a task must be over when its timeout has passed: what
  /// one has asked for may wait for another's call, and go out with a third's.
  static constexpr std::chrono::seconds kChange{10};

  static constexpr std::string_view kRefusedTogether = "RefusedTogether";

  [[nodiscard]] aws::Rates& rates() { return rates_; }

 private:
  struct Expected {
    Time at;
    Ids ids;
    bool checks;
  };
  struct Place {
    explicit Place(const Clock& clock);
    SharedAnswers<aws::Instance> instances;
    SharedAnswers<aws::InstanceStatus> statuses;
    SharedAnswers<std::vector<aws::Instance>> names;
    SharedAnswers<std::vector<aws::Instance>> tags;
    SharedAnswers<bool> starts;  ///< that were accepted
    SharedAnswers<bool> stops;
    Mutex mutex;
    std::map<std::string, Expected> expected GUARDED_BY(mutex);  ///< by a phase's first id

    Ids due(const Ids& but, bool checks, Time now);
  };
  Place& place(const aws::Target& target);
  /// DescribeInstances, in its turn.
  Result<std::vector<aws::Instance>> describe(const aws::Target& target,
                                              const std::vector<aws::Filter>& filters);
  /// Waits for the turn of one Describe call.
  Status take_turn(const aws::Target& target, std::string_view action);

  aws::Caller& caller_;
  Clock& clock_;
  aws::Rates rates_;
  Mutex mutex_;
  std::map<aws::Target, std::unique_ptr<Place>> places_ GUARDED_BY(mutex_);
};

/// What `lookout` knows of a place.
class LookoutDirectory final : public Ec2Directory {
 public:
  /// Of `context`'s lookout; where it has none, EC2 itself is asked.
  LookoutDirectory(const Context& context, const aws::Target& target)
      : Ec2Directory(context.caller, target), lookout_(context.lookout), target_(target) {}
  Result<Instances> named(const std::vector<std::string>& names) override;
  Result<Instances> with_ids(const std::vector<std::string>& ids) override;
  Result<Instances> tagged(const Tags& tags) override;

 private:
  Lookout* lookout_;
  aws::Target target_;
};

/// `context` with a lookout: where it has none, `own` is made for it.
inline Context with_lookout(Context context, std::optional<Lookout>& own) {
  if (context.lookout == nullptr) context.lookout = &own.emplace(context.caller, context.clock);
  return context;
}

}  // namespace lamplighter::tasks
