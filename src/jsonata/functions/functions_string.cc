// $string, $length, $substring…, $uppercase…, $trim, $pad, $join.
#include <algorithm>
#include <array>
#include <cmath>

#include "json/number_text.h"
#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/functions/case_mapping.h"
#include "jsonata/functions/functions.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

Outcome string(Evaluator& evaluator, Arguments arguments) {
  return to_text(arguments[0], evaluator, arguments[1].is_boolean() && arguments[1].boolean());
}

Outcome length(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  return Value(static_cast<double>(count_code_points(arguments[0].string())));
}

Outcome uppercase(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  return Value(evaluator.arena().copy(to_upper(arguments[0].string())));
}

Outcome lowercase(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  return Value(evaluator.arena().copy(to_lower(arguments[0].string())));
}

// A place as JavaScript's slice takes it: from the end where negative, and inside 0 … size.
std::size_t slice_place(double place, std::size_t size) {
  place = to_integer(place);
  const auto length = static_cast<double>(size);
  if (place < 0) place += length;
  return static_cast<std::size_t>(std::clamp(place, 0.0, length));
}

Outcome substring(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  const std::string_view text = arguments[0].string();
  const std::size_t size = count_code_points(text);
  double start = arguments[1].is_number() ? arguments[1].number() : std::nan("");
  if (static_cast<double>(size) + start < 0) start = 0;
  std::size_t end = size;
  if (arguments[2].is_number()) {
    const double wanted = arguments[2].number();
    if (wanted <= 0) return Value(std::string_view(""));
    end = slice_place(start >= 0 ? start + wanted : static_cast<double>(size) + start + wanted, size);
  }
  const std::size_t first = slice_place(start, size);
  if (first >= end) return Value(std::string_view(""));
  const std::size_t offset = offset_of_code_point(text, first);
  const std::string_view rest = text.substr(offset);
  return Value(rest.substr(0, offset_of_code_point(rest, end - first)));
}

Outcome substring_before(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_string() || !arguments[1].is_string()) return arguments[0];
  const std::size_t place = arguments[0].string().find(arguments[1].string());
  return Value(arguments[0].string().substr(0, place));
}

Outcome substring_after(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_string() || !arguments[1].is_string()) return arguments[0];
  const std::size_t place = arguments[0].string().find(arguments[1].string());
  if (place == std::string_view::npos) return arguments[0];
  return Value(arguments[0].string().substr(place + arguments[1].string().size()));
}

Outcome trim(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  TextBuilder trimmed(evaluator.arena());
  bool gap = false;
  for (const char c : arguments[0].string()) {
    if (is_space(c)) {
      gap = true;
      continue;
    }
    if (gap && !trimmed.view().empty()) trimmed.append(' ');
    gap = false;
    trimmed.append(c);
  }
  return Value(trimmed.view());
}

Outcome pad(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string() || !arguments[1].is_number()) return arguments[0];
  const std::string_view text = arguments[0].string();
  std::string_view filling = arguments[2].is_string() ? arguments[2].string() : std::string_view(" ");
  if (filling.empty()) filling = " ";
  const double width = arguments[1].number();
  const double missing = std::floor(std::fabs(width)) - static_cast<double>(count_code_points(text));
  if (!(missing > 0)) return arguments[0];
  Arena& arena = evaluator.arena();
  const double bytes = static_cast<double>(text.size()) + missing * 4;
  if (bytes > 1e9 || !arena.has_room(static_cast<std::size_t>(bytes))) return evaluator.fail(kByteLimit);
  TextBuilder padded(arena);
  if (width > 0) padded.append(text);
  std::size_t from = 0;
  for (auto left = static_cast<std::size_t>(missing); left > 0; --left) {
    const std::size_t start = from;
    next_code_point(filling, from);
    padded.append(filling.substr(start, from - start));
    if (from == filling.size()) from = 0;
  }
  if (width < 0) padded.append(text);
  return Value(padded.view());
}

Outcome join(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array()) return Value();
  const std::string_view separator = arguments[1].is_string() ? arguments[1].string() : std::string_view("");
  const Items items(arguments[0]);
  TextBuilder joined(evaluator.arena());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) joined.append(separator);
    const std::string_view text = items[i].string();
    if (!splits_a_pair(joined.view(), text)) {
      joined.append(text);
      continue;
    }
    const Value both = concatenate(joined.view(), text, evaluator.arena());
    joined = TextBuilder(evaluator.arena(), both.string());
  }
  return Value(joined.view());
}

constexpr std::array kFunctions{
    NativeFunction{"string", "<x-b?:s>", 1, string},
    NativeFunction{"length", "<s-:n>", 1, length},
    NativeFunction{"uppercase", "<s-:s>", 1, uppercase},
    NativeFunction{"lowercase", "<s-:s>", 1, lowercase},
    NativeFunction{"substring", "<s-nn?:s>", 3, substring},
    NativeFunction{"substringBefore", "<s-s:s>", 2, substring_before},
    NativeFunction{"substringAfter", "<s-s:s>", 2, substring_after},
    NativeFunction{"trim", "<s-:s>", 1, trim},
    NativeFunction{"pad", "<s-ns?:s>", 3, pad},
    NativeFunction{"join", "<a<s>s?:s>", 2, join},
};

}  // namespace

std::span<const NativeFunction> string_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
