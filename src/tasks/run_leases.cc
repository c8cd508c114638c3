#include "tasks/run_leases.h"

#include <utility>

#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

std::string find(const std::map<std::string, std::string>& words, const std::string& environment) {
  const auto found = words.find(environment);
  return found == words.end() ? "" : found->second;
}

}  // namespace

RunLeases::RunLeases(const Context& context, const Coordination& coordination, const std::string& fleet,
                     const std::string& execution, Generations held)
    : leases_(context, coordination, fleet),
      used_(leases_.get() != nullptr),
      holder_(leases_.holder(execution)),
      held_(std::move(held)) {
  if (!used_) held_.clear();
}

void RunLeases::make_sure() {
  unclear_.clear();
  for (const auto& [environment, generation] : held_) {
    auto hold = tasks::make_sure(*leases_.get(), tenure(environment, generation));
    if (!hold) {
      unclear_[environment] = describe(hold.error());
    } else if (!is_own(hold->item.lease, tenure(environment, generation))) {
      lost_[environment] = std::move(hold->lost);
    }
  }
  std::erase_if(held_, [&](const auto& one) { return lost_.contains(one.first); });
}

std::string RunLeases::lost(const std::string& environment) const { return find(lost_, environment); }
std::string RunLeases::unclear(const std::string& environment) const { return find(unclear_, environment); }

void RunLeases::give_back(LeaseState state) {
  for (const auto& [environment, generation] : held_) {
    static_cast<void>(tasks::give_back(*leases_.get(), tenure(environment, generation), state));
  }
}

}  // namespace lamplighter::tasks
