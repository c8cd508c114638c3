// Evaluates a resolved tree. One Evaluator serves one evaluation, in one thread.
// The depth of C++ recursion is bounded by Limits::depth: every way back into `evaluate` counts, and whatever
// else walks a value bounds its own depth (json_text.h).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "jsonata/evaluate/function.h"
#include "jsonata/evaluate/stack_guard.h"
#include "jsonata/failure.h"
#include "jsonata/syntax/program.h"

namespace lamplighter::jsonata {

class Evaluator {
 public:
  Evaluator(const Program& program, const Environment& environment);

  Outcome run(const json::value* input);

  // --- for the built-in functions -----------------------------------------------------------------------
  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] const Environment& environment() const { return environment_; }

  /// Calls any function; `input` is the context that may stand in for a missing argument.
  Outcome call(Value function, std::span<const Value> arguments, Value input = Value::null());
  Outcome call(Value function, std::initializer_list<Value> arguments) {
    return call(function, std::span(arguments.begin(), arguments.size()));
  }

  /// Counts work. Fails where a limit of steps, time or bytes is met.
  Done tick(std::uint64_t steps = 1) {
    steps_ += steps;
    if (steps_ < next_check_ && !arena_.exhausted()) return {};
    return check_limits();
  }

  /// Keeps a document as long as the evaluation, and refers to it.
  Value adopt(json::value document) {
    documents_.push_back(std::make_unique<json::value>(std::move(document)));
    return Value(*documents_.back());
  }

  /// A deep copy that may be changed, made as JSON.parse($string(value)) makes it.
  Outcome clone(Value value, std::size_t depth = 0);

  /// The text as UTF-16 units, in the arena.
  std::u16string_view arena_units(std::string_view text);

  /// For $random, $shuffle and $uuid, seeded by the environment.
  Random& random() { return random_; }

  tl::unexpected<Failure*> fail(const char* code, Value value = {}, std::size_t index = 0) {
    return jsonata::fail(arena_, code, value, index);
  }

 private:
  struct DepthGuard {
    explicit DepthGuard(std::size_t& counter) : depth(counter) { ++depth; }
    ~DepthGuard() { --depth; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;
    std::size_t& depth;
  };

  Outcome evaluate(const Node& node, Value input, Frame& frame);
  Outcome dispatch(const Node& node, Value input, Frame& frame);
  Outcome evaluate_suffix(const Node& node, Value value, Frame& frame);
  Value collapse(const Node& node, Value value);
  [[nodiscard]] bool is_too_deep() const { return depth_ > max_depth_ || stack_.is_exceeded(); }
  Done check_limits();

  // evaluator.cc
  Outcome evaluate_wildcard(Value input);
  Outcome evaluate_descendants(Value input);
  Done collect_descendants(Value value, Array& found, std::size_t depth);
  Done flatten(Value value, Array& target, std::size_t depth);
  Outcome evaluate_binary(const Node& node, Value input, Frame& frame);
  Outcome evaluate_logical(const Node& node, Value input, Frame& frame);
  Outcome evaluate_negate(const Node& node, Value input, Frame& frame);
  Outcome evaluate_array(const Node& node, Value input, Frame& frame);
  Outcome evaluate_condition(const Node& node, Value input, Frame& frame);
  Outcome evaluate_block(const Node& node, Value input, Frame& frame);
  Outcome evaluate_bind(const Node& node, Value input, Frame& frame);

  // evaluator_path.cc
  Outcome evaluate_path(const Node& node, Value input, Frame& frame);
  Outcome evaluate_plain_path(const Node& node, Value input, Frame& frame);
  Outcome evaluate_steps(const Node& node, Value sequence, std::size_t first, Frame& frame);
  Outcome finish_path(const Node& node, Value result, Frame& frame);
  Outcome evaluate_step(const Node& step, Value sequence, Frame& frame, bool last);
  Outcome evaluate_item(const Node& step, Value item, Frame& frame);
  Outcome evaluate_tuple_step(const Node& step, Value sequence, Value tuples, Frame& frame);
  Outcome sort_into_tuples(const Node& step, Value sequence, Value tuples, Frame& frame);
  Done extend_tuple(const Node& step, const Tuple& tuple, Value result, Array& out);
  Outcome evaluate_stages(const Node& step, Value tuples, Frame& frame);
  Outcome evaluate_filter(const Node& predicate, Value input, Frame& frame);
  Attempt<bool> selects(const Node& predicate, Value context, std::size_t index, std::size_t size,
                        Frame& frame);
  Frame* frame_of(const Tuple& tuple, Frame& parent);

  // evaluator_group.cc
  Outcome evaluate_group(const Node& object, Value input, Frame& frame);
  Outcome evaluate_object(const Node& object, Value input, Frame& frame);
  Outcome evaluate_sort(const Node& step, Value input, Frame& frame);
  Outcome evaluate_key(const Node& object, const Pair& pair, Value input, Frame& frame);
  struct Group;
  Done add_to_groups(const Node& object, Value item, Frame& frame, List<Group>& groups, Object& places);
  Outcome evaluate_groups(const Node& object, List<Group>& groups, bool reduce, Frame& frame);
  Value reduce_tuples(Value tuples);
  Done set_update(Value match, Value update);
  Done update_match(const Node& node, Value match, Frame& frame);
  Outcome transform(const Function& function, Value object);

  // evaluator_call.cc
  Outcome evaluate_function(const Node& node, Value input, Frame& frame, const Value* piped);
  Outcome evaluate_partial(const Node& node, Value input, Frame& frame);
  Outcome evaluate_apply(const Node& node, Value input, Frame& frame);
  Value make_lambda(const Node& node, Value input, Frame& frame);
  Outcome call_once(Value function, std::span<const Value> arguments, Value input);
  Outcome invoke(const Function& function, std::span<const Value> arguments, Value input);
  Outcome call_lambda(const Function& function, std::span<const Value> arguments);
  Outcome call_partial(const Function& function, std::span<const Value> arguments);
  Outcome call_thunks(Outcome result, Value input);
  Outcome match_object(const Node& regex, std::u16string_view subject, std::size_t from);
  Outcome next_match_object(const Function& next);
  bool means_variable(const Node& procedure, const Frame& frame);

  // scopes
  Frame* new_frame(Frame* parent);
  void release(Frame* frame);
  void release_chain(Frame* frame);
  static void capture(Frame* frame);
  void bind(Frame& frame, Symbol symbol, Value value);
  [[nodiscard]] Value lookup(Symbol symbol, const Frame& frame) const;

  const Program& program_;
  const Environment& environment_;
  Arena arena_;
  Value* globals_;  // by symbol: bindings of the environment, else built-in functions
  List<Frame*> free_frames_;
  std::vector<std::unique_ptr<json::value>> documents_;
  std::size_t depth_ = 0;
  std::size_t max_depth_;
  StackGuard stack_;
  std::uint64_t steps_ = 0;
  std::uint64_t next_check_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;  // from the first look at the clock on
  Random random_;
};

}  // namespace lamplighter::jsonata
