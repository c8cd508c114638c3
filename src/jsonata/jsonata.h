// JSONata 2.0.6 (https://docs.jsonata.org), the version that Step Functions runs: parse an expression once,
// evaluate it many times, from as many threads as you like.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <tl/expected.hpp>

namespace lamplighter::jsonata {

namespace json = boost::json;

/// A parse or evaluation error: the reference implementation's code (S0201, T2001, D3001, …) or, where a
/// limit was met, one of those listed in README.md.
struct Error {
  std::string code;
  std::string message;
  std::size_t position = 0;  ///< behind the token in the expression, in UTF-16 units, as the reference counts
  std::string token;         ///< the offending token, where the reference gives one
};

template <class T>
using Result = tl::expected<T, Error>;

/// What one evaluation may use before it ends with an error. Zero means no limit of that kind.
struct Limits {
  std::size_t depth = 500;                     ///< nested evaluations (tail calls do not count)
  std::uint64_t steps = 50'000'000;            ///< evaluated nodes
  std::chrono::milliseconds time{5'000};       ///< by the steady clock
  std::size_t bytes = std::size_t{256} << 20;  ///< memory for values made on the way
};

/// What surrounds one evaluation. Everything pointed to must outlive the call; nothing of it is copied.
struct Environment {
  std::map<std::string, const json::value*, std::less<>> bindings;  ///< without the "$": {"states", &states}
  std::chrono::sys_time<std::chrono::milliseconds> now{};           ///< what $now() and $millis() answer
  std::uint64_t seed = 0;                                           ///< for $random() and $uuid()
  Limits limits;
};

/// What an expression reads from outside itself, as far as its text says.
struct References {
  /// Names that are looked up in the input, and "$" where it is read as a whole; each once, in their order.
  /// Names behind a path's first step, in predicates and the like belong to other values.
  std::vector<std::string> context;
  bool root = false;                                      ///< whether `$$` stands anywhere
  std::set<std::pair<std::string, std::string>> members;  ///< {"states", "input"} for `$states.input`
};

struct Program;

/// A parsed expression. Immutable; cheap to copy.
class Expression {
 public:
  static Result<Expression> parse(std::string_view text);

  /// The value of the expression; nullopt is JSONata's "undefined". `input` may be nullptr: no input.
  [[nodiscard]] Result<std::optional<json::value>> evaluate(const json::value* input,
                                                            const Environment& environment) const;
  [[nodiscard]] References references() const;

 private:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace lamplighter::jsonata
