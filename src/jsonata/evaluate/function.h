// What can be called: built-in functions, lambdas, and what is made of them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "jsonata/evaluate/value.h"
#include "jsonata/failure.h"
#include "jsonata/syntax/ast.h"

namespace lamplighter::jsonata {

class Evaluator;
class Signature;

/// The arguments of a call. One that was not given is undefined.
class Arguments {
 public:
  Arguments(std::span<const Value> values) : values_(values) {}  // NOLINT: made at each call
  Value operator[](std::size_t i) const { return i < values_.size() ? values_[i] : Value(); }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] std::span<const Value> values() const { return values_; }

 private:
  std::span<const Value> values_;
};

/// A built-in function. `arity` is how many arguments a higher-order function gives it.
struct NativeFunction {
  std::string_view name;
  std::string_view signature;
  int arity;
  Outcome (*call)(Evaluator& evaluator, Arguments arguments);
};

/// Variables of one scope. Kept alive by the arena; used again when nothing captured it.
struct Binding {
  Symbol symbol;
  Value value;
};
struct Frame {
  Frame* parent = nullptr;
  bool captured = false;  ///< a function made here may still read it
  List<Binding> bindings{};
};

struct Tuple {
  Value at;  ///< the context: "@"
  List<Binding> bindings{};
};

struct Thunk {
  const Node* call;
  Value input;
  Frame* frame;
};

struct Function {
  enum class Type : std::uint8_t { native, lambda, regex, regex_next, transform, composition, partial };

  Type type = Type::native;
  int arity = 0;
  // Where it was called last, and by which name: what an error inside it says. Set in each call, as the
  // reference does, so a function that calls itself tells of the innermost call.
  mutable std::size_t position = kNoPosition;
  mutable std::string_view token{};
  const Signature* signature = nullptr;
  const NativeFunction* native = nullptr;
  const Node* node = nullptr;        ///< of a lambda, regex or transform
  Value input{};                     ///< the context in which it was made
  Frame* frame = nullptr;            ///< the scope in which it was made
  std::u16string_view subject{};     ///< of regex_next: what it searches on in
  std::size_t from = 0;              ///< and from where
  const Function* first = nullptr;   ///< composition: called first; partial: what is called
  const Function* second = nullptr;  ///< composition: called with the first one's result
  List<Value> arguments{};           ///< of a partial; those still open are placeholders
  List<bool> open{};
};

/// The built-in function of this name, or nullptr.
const Function* find_native(std::string_view name);

}  // namespace lamplighter::jsonata
