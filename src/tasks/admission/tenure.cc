#include "tasks/admission/tenure.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tasks/protocol/execution_name.h"
#include "tasks/protocol/lease.h"

namespace lamplighter::tasks {
namespace {

constexpr int kTries = 5;  // against others who write at the same time
constexpr std::size_t kCancellationsKept = 8;

/// Reads the lease and changes it: `change` says whether there is something to be put. Gives the item as it
/// is then.
template <class Change>
Result<LeaseItem> change(Leases& leases, const std::string& environment, Change change) {
  for (int i = 0; i < kTries; ++i) {
    auto item = TRY(leases.read(environment));
    if (!change(item.lease)) return item;
    if (TRY(leases.replace(environment, item.version, item.lease))) {
      ++item.version;
      return item;
    }
  }
  return fail(ErrorKind::aws, std::string(kLeaseContended),
              fmt::format("the lease on {} is changed by others all the time", environment));
}

/// Whoever took it over need not wait any longer.
bool leave(Lease& lease, const Tenure& tenure) {
  if (lease.left >= tenure.generation) return false;
  lease.left = tenure.generation;
  return true;
}

}  // namespace

bool is_own(const Lease& lease, const Tenure& tenure) {
  return lease.generation == tenure.generation && lease.holder.execution == tenure.execution;
}

Result<Hold> make_sure(Leases& leases, const Tenure& tenure) {
  auto item = TRY(change(leases, tenure.environment,
                         [&](Lease& one) { return !is_own(one, tenure) && leave(one, tenure); }));
  std::string lost;
  if (!is_own(item.lease, tenure)) {
    lost = superseded_by(item.lease.holder);
  } else if (const auto by = cancelled_by(item.lease, tenure.execution); !by.empty()) {
    lost = "cancelled by " + by;
  }
  return Hold{std::move(lost), std::move(item)};
}

int renew(Leases& leases, const Tenure& tenure, const Hold& hold, int age, int needed) {
  Lease lease = hold.item.lease;
  const int remaining = lease.holds - age;
  if (remaining >= needed && remaining * 2 >= lease.holds) return age;
  ++lease.beat;
  lease.holds = std::max(lease.holds, 2 * needed);
  return leases.replace(tenure.environment, hold.item.version, lease).value_or(false) ? 0 : age;
}

Result<Lease> give_back(Leases& leases, const Tenure& tenure, LeaseState state) {
  auto item = TRY(change(leases, tenure.environment, [&](Lease& one) {
    if (!is_own(one, tenure)) return leave(one, tenure);
    return std::exchange(one.state, state) != state;
  }));
  return std::move(item.lease);
}

Status cancel(Leases& leases, const std::string& environment, const Cancellation& cancellation) {
  CHECK_OK(change(leases, environment, [&](Lease& one) {
    if (!cancelled_by(one, cancellation.execution).empty()) return false;
    if (one.cancelled.size() >= kCancellationsKept) one.cancelled.erase(one.cancelled.begin());
    one.cancelled.push_back(cancellation);
    return true;
  }));
  return {};
}

}  // namespace lamplighter::tasks
