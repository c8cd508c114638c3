// Succeed and Fail: the two that nothing follows.
#include "engine/core/state_context.h"
#include "engine/core/states/kind.h"

namespace lamplighter::engine {
namespace {

class Succeed final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override { context.complete(strand, nullptr); }
};

class Fail final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override {
    const auto failure = failure_of(context, strand);
    if (!failure) return context.fail(strand, failure.error());
    context.fail(strand, *failure);
  }

 private:
  static Evaluated<Failure> failure_of(const StateContext& context, const Strand& strand) {
    const auto& state = *strand.state;
    auto evaluate = context.evaluator(strand);
    Failure failure;
    if (state.error) failure.error = TRY(evaluate.text(*state.error, "Error"));
    if (state.cause) failure.cause = TRY(evaluate.text(*state.cause, "Cause"));
    return failure;
  }
};

}  // namespace

const StateKind& succeed_kind() {
  static constexpr Succeed kKind;
  return kKind;
}

const StateKind& fail_kind() {
  static constexpr Fail kKind;
  return kKind;
}

}  // namespace lamplighter::engine
