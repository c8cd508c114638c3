// Pass: hands on its input, or what its Output makes of it.
#include "engine/core/state_context.h"
#include "engine/core/states/kind.h"

namespace lamplighter::engine {
namespace {

class Pass final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override {
    const auto& state = *strand.state;
    if (!state.result) return context.complete(strand, nullptr);
    context.leave(strand, {state.output, state.assign, state.next_state, make_payload(*state.result)});
  }
};

}  // namespace

const StateKind& pass_kind() {
  static constexpr Pass kKind;
  return kKind;
}

}  // namespace lamplighter::engine
