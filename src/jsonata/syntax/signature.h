// Function signatures: <s-nn?:s> says which arguments a function takes, and where the context fills in.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jsonata/evaluate/value.h"
#include "jsonata/failure.h"

namespace lamplighter::jsonata {

/// Immutable, so it may serve many threads.
class Signature {
 public:
  struct ParseError {
    const char* code;
    std::string value;
    std::size_t offset;  ///< bytes behind the opening bracket
  };
  static tl::expected<std::unique_ptr<const Signature>, ParseError> parse(std::string_view text);

  /// The arguments as the function gets them: a missing one replaced by `context` where the signature allows,
  /// a single value made an array where an array is wanted. The result is `given` itself where nothing
  /// changes, else it lives in the arena. Errors: T0410, T0411, T0412.
  Attempt<std::span<const Value>> validate(std::span<const Value> given, Value context, Arena& arena) const;

 private:
  struct Parameter {
    char type = '\0';       // 'a' is an array
    std::string accepts;    // letters of what it takes
    std::string item_type;  // of an array; empty: any
    bool optional = false;
    bool repeated = false;
    bool context = false;
  };
  class Matcher;
  class Builder;

  [[nodiscard]] bool fits_plainly(std::span<const Value> given) const;
  tl::unexpected<Failure*> mismatch(std::span<const Value> given, const std::string& letters,
                                    Arena& arena) const;

  std::vector<Parameter> parameters_;
};

}  // namespace lamplighter::jsonata
