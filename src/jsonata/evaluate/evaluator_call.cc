// Calling: built-in functions, lambdas with tail calls, partial application, chaining.
#include <algorithm>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

// What an error calls the function that was called.
std::string_view name_of(const Node& procedure) {
  const Node& named = procedure.type == NodeType::path ? *procedure.items[0] : procedure;
  switch (named.type) {
    case NodeType::block:
    case NodeType::condition:
    case NodeType::lambda:
    case NodeType::parent:
    case NodeType::transform:
    case NodeType::path:
      return {};
    default:
      return named.text;
  }
}

// The failure, with its place and function where it had none.
tl::unexpected<Failure*> in_call(Failure* failure, const Node& node) {
  if (failure->position == kNoPosition) failure->position = node.position;
  const std::string_view name = name_of(*node.left);
  if (!failure->has_token && !name.empty()) {
    failure->token = name;
    failure->has_token = true;
  }
  return tl::unexpected(failure);
}

// Remembers the call, for errors inside it.
void note_call(Value procedure, std::size_t position, std::string_view name) {
  if (!procedure.is_function()) return;
  procedure.function().position = position;
  procedure.function().token = name;
}

tl::unexpected<Failure*> call_failure(Arena& arena, const char* code, const Node& node, Value value = {}) {
  Failure failure;
  failure.code = code;
  failure.position = node.position;
  if (node.left != nullptr) failure.token = name_of(*node.left);
  failure.has_token = !failure.token.empty();
  failure.value = value;
  return fail(arena, failure);
}

}  // namespace

Value Evaluator::make_lambda(const Node& node, Value input, Frame& frame) {
  auto* function = arena_.make<Function>(Function{.type = Function::Type::lambda});
  function->arity = static_cast<int>(node.items.size());
  function->signature = node.signature;
  function->node = &node;
  function->input = input;
  function->frame = &frame;
  capture(&frame);
  return Value(function);
}

// Whether a name that can't be called would be something with "$" before it.
bool Evaluator::means_variable(const Node& procedure, const Frame& frame) {
  if (procedure.type != NodeType::path) return false;
  const std::string_view name = procedure.items[0]->text;
  if (const Symbol symbol = program_.symbols.find(name); symbol != kNoSymbol)
    return truthy(lookup(symbol, frame));
  const auto bound = environment_.bindings.find(name);
  return bound != environment_.bindings.end() ? truthy(Value(*bound->second)) : find_native(name) != nullptr;
}

Outcome Evaluator::evaluate_function(const Node& node, Value input, Frame& frame, const Value* piped) {
  const Value procedure = JSONATA_TRY(evaluate(*node.left, input, frame));
  if (procedure.is_undefined() && means_variable(*node.left, frame))
    return call_failure(arena_, "T1005", node);
  const std::size_t shift = piped == nullptr ? 0 : 1;
  const std::size_t count = node.items.size() + shift;
  Value* arguments = arena_.array<Value>(count);
  if (piped != nullptr) arguments[0] = *piped;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Value argument = JSONATA_TRY(evaluate(*node.items[i], input, frame));
    arguments[i + shift] = argument.is_function() ? argument.passed() : argument;
  }
  if (!procedure.is_passed()) note_call(procedure, node.position, name_of(*node.left));
  Outcome result = call(procedure, std::span<const Value>(arguments, count), input);
  if (!result) return in_call(result.error(), node);
  return result;
}

Outcome Evaluator::evaluate_apply(const Node& node, Value input, Frame& frame) {
  const Value left = JSONATA_TRY(evaluate(*node.left, input, frame));
  if (node.right->type == NodeType::function) {
    return evaluate_function(*node.right, input, frame, &left);
  }
  const Value right = JSONATA_TRY(evaluate(*node.right, input, frame));
  if (!right.is_function()) {
    Failure failure;
    failure.code = "T2006";
    failure.position = node.position;
    failure.value = right;
    return jsonata::fail(arena_, failure);
  }
  if (!left.is_function()) return call(right, {left});
  auto* both = arena_.make<Function>(Function{.type = Function::Type::composition, .arity = 1});
  both->first = &left.function();
  both->second = &right.function();
  return Value(both);
}

Outcome Evaluator::evaluate_partial(const Node& node, Value input, Frame& frame) {
  auto* partial = arena_.make<Function>(Function{.type = Function::Type::partial});
  for (const Node* item : node.items) {
    const bool open = item->type == NodeType::placeholder;
    partial->open.push(arena_, open);
    partial->arguments.push(arena_, open ? Value() : JSONATA_TRY(evaluate(*item, input, frame)));
    if (open) ++partial->arity;
  }
  const Value procedure = JSONATA_TRY(evaluate(*node.left, input, frame));
  if (!procedure.is_function()) {
    const bool forgot = procedure.is_undefined() && means_variable(*node.left, frame);
    return call_failure(arena_, forgot ? "T1007" : "T1008", node);
  }
  partial->first = &procedure.function();
  return Value(partial);
}

Outcome Evaluator::call(Value function, std::span<const Value> arguments, Value input) {
  return call_thunks(call_once(function, arguments, input), input);
}

// Tail calls, one after the other, in this stack frame.
Outcome Evaluator::call_thunks(Outcome result, Value input) {
  while (result && result->is_thunk()) {
    const Thunk& thunk = result->thunk();
    const Node& node = *thunk.call;
    const Value procedure = JSONATA_TRY(evaluate(*node.left, thunk.input, *thunk.frame));
    List<Value> arguments;
    arguments.reserve(arena_, node.items.size());
    for (const Node* item : node.items) {
      arguments.push(arena_, JSONATA_TRY(evaluate(*item, thunk.input, *thunk.frame)));
    }
    release_chain(thunk.frame);
    note_call(procedure, node.left->position, node.left->type == NodeType::variable ? node.left->text : "");
    result = call_once(procedure, std::span<const Value>(arguments.begin(), arguments.size()), input);
  }
  return result;
}

Outcome Evaluator::call_once(Value value, std::span<const Value> arguments, Value input) {
  if (!value.is_function()) return fail("T1006");
  const Function& function = value.function();
  Outcome result = invoke(function, arguments, input);
  if (result) return result;
  Failure& failure = *result.error();
  if (!failure.has_token && !function.token.empty()) {
    failure.token = function.token;
    failure.has_token = true;
  }
  if (function.position != kNoPosition) failure.position = function.position;
  return result;
}

Outcome Evaluator::invoke(const Function& function, std::span<const Value> arguments, Value input) {
  if (function.signature != nullptr) {
    arguments = JSONATA_TRY(function.signature->validate(arguments, input, arena_));
  }
  if (function.type == Function::Type::lambda) return call_lambda(function, arguments);
  const DepthGuard guard(depth_);
  if (is_too_deep()) return fail(kDepthLimit);
  JSONATA_CHECK(tick());
  const Value first = arguments.empty() ? Value() : arguments[0];
  switch (function.type) {
    case Function::Type::native: {
      const Value result = JSONATA_TRY(function.native->call(*this, Arguments(arguments)));
      if (arena_.exhausted()) return fail(kByteLimit);
      return result;
    }
    case Function::Type::regex:
      if (!first.is_string()) return Value();
      return match_object(*function.node, arena_units(first.string()), 0);
    case Function::Type::regex_next:
      return next_match_object(function);
    case Function::Type::transform:
      return transform(function, first);
    case Function::Type::composition: {
      const Value between = JSONATA_TRY(call(Value(function.first), {first}));
      return call(Value(function.second), {between});
    }
    default:
      return call_partial(function, arguments);
  }
}

Outcome Evaluator::call_lambda(const Function& function, std::span<const Value> arguments) {
  const Node& node = *function.node;
  Frame* frame = new_frame(function.frame);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    bind(*frame, node.items[i]->symbol, i < arguments.size() ? arguments[i] : Value());
  }
  const Value result = JSONATA_TRY(evaluate(*node.left, function.input, *frame));
  if (!result.is_thunk()) release(frame);
  return result;
}

Outcome Evaluator::call_partial(const Function& function, std::span<const Value> arguments) {
  List<Value> all;
  std::size_t given = 0;
  for (std::size_t i = 0; i < function.arguments.size(); ++i) {
    if (function.open[i]) {
      all.push(arena_, given < arguments.size() ? arguments[given] : Value());
      ++given;
    } else {
      all.push(arena_, function.arguments[i]);
    }
  }
  const std::span<const Value> values(all.begin(), all.size());
  // A lambda's signature is not asked again for what was given in parts.
  if (function.first->type == Function::Type::lambda)
    return call_thunks(call_lambda(*function.first, values), Value::null());
  return call(Value(function.first), values);
}

// --- regular expressions as functions ---------------------------------------------------------------------

std::u16string_view Evaluator::arena_units(std::string_view text) {
  const std::u16string units = to_units(text);
  auto* copy = arena_.array<char16_t>(units.size());
  std::copy(units.begin(), units.end(), copy);
  return {copy, units.size()};
}

Outcome Evaluator::match_object(const Node& regex, std::u16string_view subject, std::size_t from) {
  const auto match = regex.regex->search(subject, from);
  if (!match) return match.error() == Regex::Error::limit ? Outcome(fail(kRegexLimit)) : Outcome(Value());
  const auto piece = [&](const Regex::Range& range) {
    return Value(arena_.copy(from_units(subject.substr(range.start, range.end - range.start))));
  };
  Array* groups = arena_.make<Array>();
  for (std::size_t i = 1; i < match->size(); ++i) {
    groups->push(arena_, (*match)[i].matched ? piece((*match)[i]) : Value());
  }
  auto* next = arena_.make<Function>(Function{.type = Function::Type::regex_next});
  next->node = &regex;
  next->subject = subject;
  next->from = match->front().end;
  Object* object = arena_.make<Object>();
  object->add(arena_, "match", piece(match->front()));
  object->add(arena_, "start", Value(static_cast<double>(match->front().start)));
  object->add(arena_, "end", Value(static_cast<double>(match->front().end)));
  object->add(arena_, "groups", Value(groups));
  object->add(arena_, "next", Value(next));
  return Value(object);
}

Outcome Evaluator::next_match_object(const Function& next) {
  if (next.from >= next.subject.size()) return Value();
  const Value object = JSONATA_TRY(match_object(*next.node, next.subject, next.from));
  // A second match of nothing would be followed by another, and so on for ever.
  if (object.is_object() && member_of(object, "match").string().empty()) {
    Failure failure;
    failure.code = "D1004";
    failure.value = Value(next.node->text);
    return jsonata::fail(arena_, failure);
  }
  return object;
}

}  // namespace lamplighter::jsonata
