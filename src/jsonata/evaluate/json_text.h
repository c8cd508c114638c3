// Values as they leave the library, and as JSON text for $string; JSON text as $parse reads it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"
#include "jsonata/evaluate/value.h"
#include "jsonata/failure.h"

namespace lamplighter::jsonata {

/// How deep values may nest wherever the library walks through one.
constexpr std::size_t kMaxValueDepth = 500;

struct TextOptions {
  bool indented = false;
  bool exact_numbers = false;  ///< 17 significant digits where needed, else 15
};

/// The value as JSON text, functions as "". Fails at too deep nesting (U1001), without memory (U1004) and,
/// unless `exact_numbers`, at a number that is not finite (D1001). Undefined is empty.
Attempt<std::string_view> to_json_text(Value value, Arena& arena, TextOptions options);

/// The value as it leaves the library: a copy, in the default storage. Functions are left out; numbers that
/// are not finite are texts ("Infinity"), as Step Functions has them. `max_bytes` bounds what is made (0: no
/// limit).
Attempt<std::optional<json::value>> to_json(Value value, Arena& arena, std::size_t max_bytes);

/// JSON text as JavaScript reads it: the escape of a lone surrogate becomes its three bytes.
lamplighter::Result<json::value> read_json_text(std::string_view text, std::size_t max_depth = 256);

}  // namespace lamplighter::jsonata
