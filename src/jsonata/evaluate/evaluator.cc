#include "jsonata/evaluate/evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "jsonata/evaluate/json_text.h"
#include "jsonata/evaluate/operators.h"

namespace lamplighter::jsonata {
namespace {

constexpr std::uint64_t kStepsBetweenChecks = 1024;

std::uint64_t at_most(std::size_t limit) {
  return limit == 0 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(limit);
}

const Signature* transform_signature() {
  static const auto signature = Signature::parse("<(oa):o>");
  return signature->get();
}

// The failure, now at the operator.
tl::unexpected<Failure*> at_operator(Failure* failure, const Node& node) {
  failure->position = node.position;
  failure->token = node.text;
  failure->has_token = true;
  return tl::unexpected(failure);
}

// The common cases: finite numbers, and texts that are the same or not. Nothing where more has to be looked
// at.
std::optional<Value> apply_simply(Operator op, Value left, Value right) {
  if (left.is_string() && right.is_string()) {
    if (op == Operator::equal) return Value(left.string() == right.string());
    if (op == Operator::not_equal) return Value(left.string() != right.string());
    return std::nullopt;
  }
  if (!left.is_number() || !right.is_number()) return std::nullopt;
  const double a = left.number();
  const double b = right.number();
  if (!std::isfinite(a) || !std::isfinite(b)) return std::nullopt;
  switch (op) {
    case Operator::add:
      return Value(a + b);
    case Operator::subtract:
      return Value(a - b);
    case Operator::multiply:
      return Value(a * b);
    case Operator::divide:
      return Value(a / b);
    case Operator::equal:
      return Value(a == b);
    case Operator::not_equal:
      return Value(a != b);
    case Operator::less:
      return Value(a < b);
    case Operator::less_equal:
      return Value(a <= b);
    case Operator::greater:
      return Value(a > b);
    case Operator::greater_equal:
      return Value(a >= b);
    default:
      return std::nullopt;
  }
}

}  // namespace

Evaluator::Evaluator(const Program& program, const Environment& environment)
    : program_(program),
      environment_(environment),
      arena_(environment.limits.bytes),
      globals_(arena_.array<Value>(program.symbols.size())),
      max_depth_(static_cast<std::size_t>(at_most(environment.limits.depth))),
      next_check_(kStepsBetweenChecks),
      random_(environment.seed) {
  for (Symbol symbol = 0; symbol < program.symbols.size(); ++symbol) {
    const Name& name = program.symbols[symbol];
    globals_[symbol] = name.native == nullptr ? Value() : Value(arena_.make<Function>(*name.native));
    if (environment.bindings.empty()) continue;
    const auto bound = environment.bindings.find(name.text);
    if (bound != environment.bindings.end()) globals_[symbol] = Value(*bound->second);
  }
}

Outcome Evaluator::run(const json::value* input) {
  Value context = input == nullptr ? Value() : Value(*input);
  Frame* frame = new_frame(nullptr);
  if (program_.root_symbol != kNoSymbol) bind(*frame, program_.root_symbol, context);
  if (context.is_array()) {  // one input, not many
    Array* wrapper = make_sequence(arena_, context);
    wrapper->outer_wrapper = true;
    context = Value(wrapper);
  }
  const Value result = JSONATA_TRY(evaluate(*program_.root, context, *frame));
  if (arena_.exhausted()) return fail(kByteLimit);
  return result;
}

Done Evaluator::check_limits() {
  if (arena_.exhausted()) return fail(kByteLimit);
  if (environment_.limits.steps != 0 && steps_ > environment_.limits.steps) return fail(kStepLimit);
  next_check_ = steps_ + kStepsBetweenChecks;
  if (environment_.limits.time.count() == 0) return {};
  // Most evaluations end before they come here, and need no look at the clock.
  const auto now = std::chrono::steady_clock::now();
  if (!deadline_) deadline_ = now + environment_.limits.time;
  if (now > *deadline_) return fail(kTimeLimit);
  return {};
}

Outcome Evaluator::evaluate(const Node& node, Value input, Frame& frame) {
  if (node.constant) return node.value;
  if (node.member && input.is_object()) {
    JSONATA_CHECK(tick());
    const Value value = member_of(input, node.text);
    if (!value.is_sequence()) return value;
  }
  const DepthGuard guard(depth_);
  if (is_too_deep()) return fail(kDepthLimit);
  JSONATA_CHECK(tick());
  Value result = JSONATA_TRY(dispatch(node, input, frame));
  if (node.has_suffix) result = JSONATA_TRY(evaluate_suffix(node, result, frame));
  return collapse(node, result);
}

Outcome Evaluator::dispatch(const Node& node, Value input, Frame& frame) {
  switch (node.type) {
    case NodeType::path:
      return node.plain ? evaluate_plain_path(node, input, frame) : evaluate_path(node, input, frame);
    case NodeType::name:
      return lookup_member(input, node.text, *this);
    case NodeType::string:
    case NodeType::number:
    case NodeType::literal:
      return node.value;
    case NodeType::variable:
      if (!node.text.empty()) return lookup(node.symbol, frame);
      return input.is_array() && !input.is_borrowed() && input.array().outer_wrapper ? input.array()[0]
                                                                                     : input;
    case NodeType::parent:
      return lookup(node.slot->label, frame);
    case NodeType::wildcard:
      return evaluate_wildcard(input);
    case NodeType::descendant:
      return evaluate_descendants(input);
    case NodeType::binary:
      if (node.op == Operator::conjunction || node.op == Operator::disjunction) {
        return evaluate_logical(node, input, frame);
      }
      return evaluate_binary(node, input, frame);
    case NodeType::negate:
      return evaluate_negate(node, input, frame);
    case NodeType::array:
      return evaluate_array(node, input, frame);
    case NodeType::object:
      return evaluate_group(node, input, frame);
    case NodeType::condition:
      return evaluate_condition(node, input, frame);
    case NodeType::block:
      return evaluate_block(node, input, frame);
    case NodeType::bind:
      return evaluate_bind(node, input, frame);
    case NodeType::function:
      return evaluate_function(node, input, frame, nullptr);
    case NodeType::partial:
      return evaluate_partial(node, input, frame);
    case NodeType::apply:
      return evaluate_apply(node, input, frame);
    case NodeType::lambda:
      return make_lambda(node, input, frame);
    case NodeType::thunk:
      return Value(arena_.make<Thunk>(Thunk{node.left, input, &frame}));
    case NodeType::regex: {
      auto* function = arena_.make<Function>(Function{.type = Function::Type::regex, .arity = 2});
      function->node = &node;
      return Value(function);
    }
    case NodeType::transform: {
      auto* function = arena_.make<Function>(Function{.type = Function::Type::transform, .arity = 1});
      function->signature = transform_signature();
      function->node = &node;
      function->frame = &frame;
      capture(&frame);
      return Value(function);
    }
    default:
      return Value();
  }
}

Outcome Evaluator::evaluate_suffix(const Node& node, Value value, Frame& frame) {
  for (const Stage& stage : node.predicates) {
    value = JSONATA_TRY(evaluate_filter(*stage.expression, value, frame));
  }
  if (node.group == nullptr || node.type == NodeType::path) return value;
  return evaluate_group(*node.group, value, frame);
}

// A sequence of none is no value, a sequence of one is its item.
Value Evaluator::collapse(const Node& node, Value value) {
  if (!value.is_sequence() || value.array().tuple_stream) return value;
  Array& sequence = value.array();
  if (node.keep_array) sequence.keep_singleton = true;
  if (sequence.size() == 0) return Value();
  return sequence.size() == 1 && !sequence.keep_singleton ? sequence[0] : value;
}

// --- simple nodes -----------------------------------------------------------------------------------------

Outcome Evaluator::evaluate_wildcard(Value input) {
  if (input.is_array() && !input.is_borrowed() && input.array().outer_wrapper) input = input.array()[0];
  Array* found = make_sequence(arena_);
  if (input.is_array()) {
    const Items items(input);
    for (std::size_t i = 0; i < items.size(); ++i) JSONATA_CHECK(flatten(items[i], *found, 0));
  } else if (input.is_object()) {
    for (const Member& member : members_of(input, arena_)) JSONATA_CHECK(flatten(member.value, *found, 0));
  }
  return Value(found);
}

Done Evaluator::flatten(Value value, Array& target, std::size_t depth) {
  JSONATA_CHECK(tick());
  if (!value.is_array()) {
    if (depth > 0 || !value.is_undefined()) target.push(arena_, value);
    return {};
  }
  if (depth > kMaxValueDepth) return fail(kDepthLimit);
  // The array that is joined to the sequence makes it a plain array: one that keeps a single item.
  if (depth == 0) target.sequence = false;
  const Items items(value);
  for (std::size_t i = 0; i < items.size(); ++i) JSONATA_CHECK(flatten(items[i], target, depth + 1));
  return {};
}

Outcome Evaluator::evaluate_descendants(Value input) {
  Array* found = make_sequence(arena_);
  if (!input.is_undefined()) JSONATA_CHECK(collect_descendants(input, *found, 0));
  return found->size() == 1 ? (*found)[0] : Value(found);
}

Done Evaluator::collect_descendants(Value value, Array& found, std::size_t depth) {
  JSONATA_CHECK(tick());
  if (depth > kMaxValueDepth) return fail(kDepthLimit);
  if (value.is_array()) {
    const Items items(value);
    for (std::size_t i = 0; i < items.size(); ++i)
      JSONATA_CHECK(collect_descendants(items[i], found, depth + 1));
    return {};
  }
  found.push(arena_, value);
  if (!value.is_object()) return {};
  for (const Member& member : members_of(value, arena_)) {
    JSONATA_CHECK(collect_descendants(member.value, found, depth + 1));
  }
  return {};
}

Outcome Evaluator::evaluate_binary(const Node& node, Value input, Frame& frame) {
  const Value left = JSONATA_TRY(evaluate(*node.left, input, frame));
  const Value right = JSONATA_TRY(evaluate(*node.right, input, frame));
  if (const auto simple = apply_simply(node.op, left, right)) return *simple;
  Outcome result = apply_operator(node.op, left, right, *this);
  if (!result) return at_operator(result.error(), node);
  return result;
}

// `and` and `or`: the right side is evaluated only where it matters.
Outcome Evaluator::evaluate_logical(const Node& node, Value input, Frame& frame) {
  const Value left = JSONATA_TRY(evaluate(*node.left, input, frame));
  const auto left_truth = truth(left, *this);
  if (!left_truth) return at_operator(left_truth.error(), node);
  if (*left_truth == (node.op == Operator::disjunction)) return Value(*left_truth);
  const Outcome right = evaluate(*node.right, input, frame);
  if (!right) return at_operator(right.error(), node);
  const auto right_truth = truth(*right, *this);
  if (!right_truth) return at_operator(right_truth.error(), node);
  return Value(*right_truth);
}

Outcome Evaluator::evaluate_negate(const Node& node, Value input, Frame& frame) {
  const Value value = JSONATA_TRY(evaluate(*node.left, input, frame));
  if (value.is_undefined()) return value;
  if (JSONATA_TRY(is_numeric(value, arena_))) return Value(-value.number());
  Failure failure;
  failure.code = "D1002";
  failure.position = node.position;
  failure.token = node.text;
  failure.has_token = true;
  failure.value = value;
  return jsonata::fail(arena_, failure);
}

Outcome Evaluator::evaluate_array(const Node& node, Value input, Frame& frame) {
  Array* array = arena_.make<Array>();
  array->constructed = node.constructed;
  array->reserve(arena_, node.items.size());
  for (const Node* item : node.items) {
    const Value value = JSONATA_TRY(evaluate(*item, input, frame));
    if (value.is_undefined()) continue;
    if (item->type == NodeType::array || !value.is_array()) {
      array->push(arena_, value);
    } else if (array->size() == 0 && !value.is_borrowed() && value.array().is_range()) {
      array->set_range(value.array()[0].number(), value.array().size());
    } else {
      array->push_all(arena_, value);
    }
  }
  return Value(array);
}

Outcome Evaluator::evaluate_condition(const Node& node, Value input, Frame& frame) {
  const Value condition = JSONATA_TRY(evaluate(*node.left, input, frame));
  if (JSONATA_TRY(truth(condition, *this))) return evaluate(*node.right, input, frame);
  return node.other == nullptr ? Outcome(Value()) : evaluate(*node.other, input, frame);
}

Outcome Evaluator::evaluate_block(const Node& node, Value input, Frame& frame) {
  Frame* scope = new_frame(&frame);
  Value result;
  for (const Node* expression : node.items) result = JSONATA_TRY(evaluate(*expression, input, *scope));
  if (!result.is_thunk()) release(scope);
  return result;
}

Outcome Evaluator::evaluate_bind(const Node& node, Value input, Frame& frame) {
  const Value value = JSONATA_TRY(evaluate(*node.right, input, frame));
  bind(frame, node.symbol, value);
  return value;
}

// --- scopes -----------------------------------------------------------------------------------------------

Frame* Evaluator::new_frame(Frame* parent) {
  if (free_frames_.empty()) return arena_.make<Frame>(Frame{.parent = parent});
  Frame* frame = free_frames_.back();
  free_frames_.erase(free_frames_.size() - 1);
  frame->parent = parent;
  frame->bindings.clear();
  return frame;
}

void Evaluator::release(Frame* frame) {
  if (!frame->captured) free_frames_.push(arena_, frame);
}

// Releases the scopes of a lambda that has ended, from the innermost outwards. The one around the lambda is
// captured, by the lambda.
void Evaluator::release_chain(Frame* frame) {
  while (frame != nullptr && !frame->captured) {
    Frame* parent = frame->parent;
    release(frame);
    frame = parent;
  }
}

void Evaluator::capture(Frame* frame) {
  for (; frame != nullptr && !frame->captured; frame = frame->parent) frame->captured = true;
}

void Evaluator::bind(Frame& frame, Symbol symbol, Value value) {
  for (Binding& binding : frame.bindings) {
    if (binding.symbol == symbol) {
      binding.value = value;
      return;
    }
  }
  frame.bindings.push(arena_, Binding{symbol, value});
}

Value Evaluator::lookup(Symbol symbol, const Frame& frame) const {
  for (const Frame* scope = &frame; scope != nullptr; scope = scope->parent) {
    for (const Binding& binding : scope->bindings) {
      if (binding.symbol == symbol) return binding.value;
    }
  }
  return globals_[symbol];
}

}  // namespace lamplighter::jsonata
