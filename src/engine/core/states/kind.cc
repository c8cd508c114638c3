#include "engine/core/states/kind.h"

#include <stdexcept>

namespace lamplighter::engine {

/// Most kinds' other events only tell.
void StateKind::apply(ExecutionState& /*state*/, Strand& /*strand*/, const Event& /*event*/,
                      const Payload& /*payload*/) const {}

const StateKind& kind_of(const Strand& strand) {
  if (!strand.state) throw std::runtime_error("no state was entered");
  switch (strand.state->type) {
    case asl::StateType::task:
      return task_kind();
    case asl::StateType::pass:
      return pass_kind();
    case asl::StateType::choice:
      return choice_kind();
    case asl::StateType::wait:
      return wait_kind();
    case asl::StateType::parallel:
      return parallel_kind();
    case asl::StateType::map:
      return map_kind();
    case asl::StateType::succeed:
      return succeed_kind();
    case asl::StateType::fail:
      return fail_kind();
  }
  throw std::logic_error("a state of no kind");
}

}  // namespace lamplighter::engine
