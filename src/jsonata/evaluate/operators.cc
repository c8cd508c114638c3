#include "jsonata/evaluate/operators.h"

#include <cmath>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

Outcome arithmetic(Operator op, Value left, Value right, Arena& arena) {
  if (!left.is_undefined() && !JSONATA_TRY(is_numeric(left, arena))) return fail(arena, "T2001", left);
  if (!right.is_undefined() && !JSONATA_TRY(is_numeric(right, arena))) return fail(arena, "T2002", right);
  if (left.is_undefined() || right.is_undefined()) return Value();
  const double a = left.number();
  const double b = right.number();
  switch (op) {
    case Operator::add:
      return Value(a + b);
    case Operator::subtract:
      return Value(a - b);
    case Operator::multiply:
      return Value(a * b);
    case Operator::divide:
      return Value(a / b);
    default:
      return Value(std::fmod(a, b));
  }
}

bool is_comparable(Value value) { return value.is_undefined() || value.is_number() || value.is_string(); }

Outcome comparison(Operator op, Value left, Value right, Arena& arena) {
  if (!is_comparable(left) || !is_comparable(right)) {
    return fail(arena, "T2010", left.is_number() || left.is_string() ? right : left);
  }
  if (left.is_undefined() || right.is_undefined()) return Value();
  if (left.kind() != right.kind()) {
    Failure failure;
    failure.code = "T2009";
    failure.value = left;
    failure.value2 = right;
    return fail(arena, failure);
  }
  double a = 0;
  double b = 0;
  if (left.is_number()) {
    a = left.number();
    b = right.number();
  } else {
    a = compare_units(left.string(), right.string());
  }
  switch (op) {
    case Operator::less:
      return Value(a < b);
    case Operator::less_equal:
      return Value(a <= b);
    case Operator::greater:
      return Value(a > b);
    default:
      return Value(a >= b);
  }
}

Outcome range(Value left, Value right, Arena& arena) {
  constexpr double kLargest = 1e7;
  const auto whole = [](Value value) {
    return value.is_undefined() || (value.is_number() && std::isfinite(value.number()) &&
                                    value.number() == std::floor(value.number()));
  };
  if (!whole(left)) return fail(arena, "T2003", left);
  if (!whole(right)) return fail(arena, "T2004", right);
  if (left.is_undefined() || right.is_undefined() || left.number() > right.number()) return Value();
  const double size = right.number() - left.number() + 1;
  if (size > kLargest) return fail(arena, "D2014", Value(size));
  Array* items = make_sequence(arena);
  items->set_range(left.number(), static_cast<std::size_t>(size));
  return Value(items);
}

Outcome includes(Value left, Value right) {
  if (left.is_undefined() || right.is_undefined()) return Value(false);
  if (!right.is_array()) return Value(left.same_as(right));
  const Items items(right);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (left.same_as(items[i])) return Value(true);
  }
  return Value(false);
}

Outcome concatenation(Value left, Value right, Evaluator& evaluator) {
  const Value a = left.is_undefined() ? Value(std::string_view("")) : JSONATA_TRY(to_text(left, evaluator));
  const Value b = right.is_undefined() ? Value(std::string_view("")) : JSONATA_TRY(to_text(right, evaluator));
  return concatenate(a.string(), b.string(), evaluator.arena());
}

Attempt<bool> equal_at(Value left, Value right, Evaluator& evaluator, std::size_t depth);

Attempt<bool> equal_arrays(const Items& left, const Items& right, Evaluator& evaluator, std::size_t depth) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!JSONATA_TRY(equal_at(left[i], right[i], evaluator, depth + 1))) return false;
  }
  return true;
}

Attempt<bool> equal_objects(Value left, Value right, Evaluator& evaluator, std::size_t depth) {
  if (member_count(left) != member_count(right)) return false;
  for (const Member& member : members_of(left, evaluator.arena())) {
    if (!has_member(right, member.key)) return false;
    if (!JSONATA_TRY(equal_at(member.value, member_of(right, member.key), evaluator, depth + 1)))
      return false;
  }
  return true;
}

Attempt<bool> equal_at(Value left, Value right, Evaluator& evaluator, std::size_t depth) {
  if (left.kind() != right.kind()) return false;
  if (left.same_as(right)) return true;
  if (!left.is_array() && !left.is_object()) return false;
  JSONATA_CHECK(evaluator.tick());
  if (depth > kMaxValueDepth) return evaluator.fail(kDepthLimit);
  if (left.is_array()) return equal_arrays(Items(left), Items(right), evaluator, depth);
  return equal_objects(left, right, evaluator, depth);
}

Attempt<bool> truth_of_array(const Items& items, Evaluator& evaluator, std::size_t depth);

// To the reference a lambda or built-in function is an object with members, but one that was given as an
// argument and a regular expression are JavaScript functions.
bool truth_of_function(Value value) {
  const Function::Type type = value.function().type;
  return !value.is_passed() && type != Function::Type::regex && type != Function::Type::regex_next;
}

Attempt<bool> truth_at(Value value, Evaluator& evaluator, std::size_t depth) {
  switch (value.kind()) {
    case Kind::boolean:
      return value.boolean();
    case Kind::string:
      return !value.string().empty();
    case Kind::number:
      return JSONATA_TRY(is_numeric(value, evaluator.arena())) && value.number() != 0;
    case Kind::object:
      return member_count(value) > 0;
    case Kind::array:
      return truth_of_array(Items(value), evaluator, depth);
    case Kind::function:
      return truth_of_function(value);
    case Kind::tuple:
      return true;
    default:
      return false;
  }
}

Attempt<bool> truth_of_array(const Items& items, Evaluator& evaluator, std::size_t depth) {
  if (depth > kMaxValueDepth) return evaluator.fail(kDepthLimit);
  for (std::size_t i = 0; i < items.size(); ++i) {
    JSONATA_CHECK(evaluator.tick());
    if (JSONATA_TRY(truth_at(items[i], evaluator, depth + 1))) return true;
  }
  return false;
}

}  // namespace

Outcome apply_operator(Operator op, Value left, Value right, Evaluator& evaluator) {
  switch (op) {
    case Operator::equal:
      if (left.is_undefined() || right.is_undefined()) return Value(false);
      return Value(JSONATA_TRY(equal(left, right, evaluator)));
    case Operator::not_equal:
      if (left.is_undefined() || right.is_undefined()) return Value(false);
      return Value(!JSONATA_TRY(equal(left, right, evaluator)));
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
      return comparison(op, left, right, evaluator.arena());
    case Operator::concatenate:
      return concatenation(left, right, evaluator);
    case Operator::includes:
      return includes(left, right);
    case Operator::range:
      return range(left, right, evaluator.arena());
    default:
      return arithmetic(op, left, right, evaluator.arena());
  }
}

Attempt<bool> truth(Value value, Evaluator& evaluator) { return truth_at(value, evaluator, 0); }

bool truthy(Value value) {
  switch (value.kind()) {
    case Kind::undefined:
    case Kind::null:
      return false;
    case Kind::boolean:
      return value.boolean();
    case Kind::number:
      return value.number() != 0 && !std::isnan(value.number());
    case Kind::string:
      return !value.string().empty();
    default:
      return true;
  }
}

Attempt<bool> is_numeric(Value value, Arena& arena) {
  if (!value.is_number() || std::isnan(value.number())) return false;
  if (std::isinf(value.number())) return fail(arena, "D1001", value);
  return true;
}

Attempt<bool> equal(Value left, Value right, Evaluator& evaluator) {
  return equal_at(left, right, evaluator, 0);
}

Outcome to_text(Value value, Evaluator& evaluator, bool indented) {
  if (value.is_undefined() || value.is_string()) return value;
  if (value.is_function()) return Value(std::string_view(""));
  if (value.is_number() && !std::isfinite(value.number())) return evaluator.fail("D3001", value);
  if (value.is_array() && !value.is_borrowed() && value.array().outer_wrapper) value = value.array()[0];
  const TextOptions options{.indented = indented, .exact_numbers = false};
  return Value(JSONATA_TRY(to_json_text(value, evaluator.arena(), options)));
}

Value concatenate(std::string_view left, std::string_view right, Arena& arena) {
  if (left.empty()) return Value(right);
  if (right.empty()) return Value(left);
  if (!arena.has_room(left.size() + right.size())) return Value(left);
  if (splits_a_pair(left, right)) {
    const std::u16string units = to_units(std::string(left) + std::string(right));
    return Value(arena.copy(from_units(units)));
  }
  char* text = arena.array<char>(left.size() + right.size());
  std::memcpy(text, left.data(), left.size());
  std::memcpy(text + left.size(), right.data(), right.size());
  return Value(std::string_view(text, left.size() + right.size()));
}

Value append(Value to, Value values, Arena& arena) {
  if (to.is_undefined()) return values;
  if (values.is_undefined()) return to;
  Array* all = arena.make<Array>();
  for (const Value part : {to, values}) {
    if (part.is_array()) {
      all->push_all(arena, part);
    } else {
      all->push(arena, part);
    }
  }
  return Value(all);
}

Outcome lookup_member(Value input, std::string_view key, Evaluator& evaluator, std::size_t depth) {
  if (input.is_object()) return member_of(input, key);
  if (!input.is_array()) return Value();
  if (depth > kMaxValueDepth) return evaluator.fail(kDepthLimit);
  Arena& arena = evaluator.arena();
  Array* found = make_sequence(arena);
  const Items items(input);
  for (std::size_t i = 0; i < items.size(); ++i) {
    JSONATA_CHECK(evaluator.tick());
    const Value member = JSONATA_TRY(lookup_member(items[i], key, evaluator, depth + 1));
    if (member.is_array()) {
      found->push_all(arena, member);
    } else if (!member.is_undefined()) {
      found->push(arena, member);
    }
  }
  return Value(found);
}

}  // namespace lamplighter::jsonata
