// $match, $contains, $replace, $split: with a text or a regular expression.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "json/number_text.h"
#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/matcher.h"
#include "jsonata/functions/functions.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

// How many at most; nothing where no limit is given.
std::optional<double> limit_of(Value value) {
  return value.is_number() ? std::optional(value.number()) : std::nullopt;
}

bool below(std::size_t count, const std::optional<double>& limit) {
  return !limit || static_cast<double>(count) < *limit;
}

// A piece of a text by UTF-16 units, as JavaScript's substring takes it.
class Pieces {
 public:
  Pieces(Evaluator& evaluator, std::string_view text)
      : arena_(evaluator.arena()), units_(evaluator.arena_units(text)) {}

  std::string_view between(double from, double to) {
    const std::size_t start = place(from);
    const std::size_t end = place(to);
    return arena_.copy(
        from_units(units_.substr(std::min(start, end), std::max(start, end) - std::min(start, end))));
  }
  std::string_view from(double start) { return between(start, static_cast<double>(units_.size())); }

 private:
  [[nodiscard]] std::size_t place(double unit) const {
    return static_cast<std::size_t>(std::clamp(to_integer(unit), 0.0, static_cast<double>(units_.size())));
  }

  Arena& arena_;
  std::u16string_view units_;
};

Outcome match(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  const auto limit = limit_of(arguments[2]);
  if (limit && *limit < 0) return evaluator.fail("D3040", arguments[2], 3);
  Arena& arena = evaluator.arena();
  Array* matches = make_sequence(arena);
  if (!below(0, limit)) return Value(matches);
  Matcher matcher(evaluator, arguments[1], arguments[0]);
  bool any = JSONATA_TRY(matcher.next());
  while (any && below(matches->size(), limit)) {
    const PatternMatch& found = matcher.current();
    Object* object = arena.make<Object>();
    object->add(arena, "match", found.match);
    object->add(arena, "index", Value(found.start));
    object->add(arena, "groups", found.groups);
    matches->push(arena, Value(object));
    any = JSONATA_TRY(matcher.next());
  }
  return Value(matches);
}

Outcome contains(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  if (arguments[1].is_string()) {
    return Value(arguments[0].string().find(arguments[1].string()) != std::string_view::npos);
  }
  Matcher matcher(evaluator, arguments[1], arguments[0]);
  return Value(JSONATA_TRY(matcher.next()));
}

// --- $replace
// -----------------------------------------------------------------------------------------------

// What `$…` in a replacement stands for; moves the position behind it.
class Substitution {
 public:
  Substitution(std::string_view replacement, const PatternMatch& match, Arena& arena)
      : replacement_(replacement), match_(match), out_(arena) {
    if (match.groups.is_array()) groups_ = Items(match.groups).size();
  }

  std::string_view text() {
    std::size_t dollar = replacement_.find('$');
    while (dollar != std::string_view::npos) {
      out_.append(replacement_.substr(position_, dollar - position_));
      position_ = dollar + 1;
      reference();
      dollar = replacement_.find('$', position_);
    }
    out_.append(replacement_.substr(position_));
    return out_.view();
  }

 private:
  void reference() {
    const char c = position_ < replacement_.size() ? replacement_[position_] : '\0';
    if (c == '$') {
      out_.append('$');
      ++position_;
    } else if (c == '0') {
      if (match_.match.is_string()) out_.append(match_.match.string());
      ++position_;
    } else {
      group_reference();
    }
  }

  // As many digits as the number of groups has; one fewer where that makes a group that is there.
  void group_reference() {
    const std::size_t most = groups_ == 0 ? 1 : std::to_string(groups_).size();
    auto number = leading_number(most);
    if (number && most > 1 && *number > groups_) number = leading_number(most - 1);
    if (!number) {
      out_.append('$');
      return;
    }
    if (*number >= 1 && *number <= groups_) {
      const Value group = Items(match_.groups)[*number - 1];
      if (group.is_string()) out_.append(group.string());
    }
    position_ += std::to_string(*number).size();
  }

  [[nodiscard]] std::optional<std::size_t> leading_number(std::size_t most) const {
    const std::string_view digits = replacement_.substr(position_, most);
    std::size_t number = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return result.ptr == digits.data() ? std::nullopt : std::optional(number);
  }

  std::string_view replacement_;
  const PatternMatch& match_;
  TextBuilder out_;
  std::size_t groups_ = 0;
  std::size_t position_ = 0;
};

Outcome replace_text(Evaluator& evaluator, std::string_view text, std::string_view pattern,
                     std::string_view replacement, const std::optional<double>& limit) {
  TextBuilder out(evaluator.arena());
  std::size_t position = 0;
  std::size_t count = 0;
  std::size_t found = text.find(pattern);
  while (found != std::string_view::npos && below(count++, limit)) {
    out.append(text.substr(position, found - position));
    out.append(replacement);
    position = found + pattern.size();
    found = text.find(pattern, position);
    JSONATA_CHECK(evaluator.tick());
  }
  out.append(text.substr(position));
  return Value(out.view());
}

// The text that takes the place of a match.
Attempt<std::string_view> replacement_for(Evaluator& evaluator, const PatternMatch& match,
                                          Value replacement) {
  if (replacement.is_string()) return Substitution(replacement.string(), match, evaluator.arena()).text();
  const Value made = JSONATA_TRY(evaluator.call(replacement, {match.object}));
  if (!made.is_string()) return evaluator.fail("D3012", made);
  return made.string();
}

Outcome replace_matches(Evaluator& evaluator, Arguments arguments, const std::optional<double>& limit) {
  Matcher matcher(evaluator, arguments[1], arguments[0]);
  bool any = JSONATA_TRY(matcher.next());
  if (!any) return arguments[0];
  Pieces pieces(evaluator, arguments[0].string());
  TextBuilder out(evaluator.arena());
  double position = 0;
  for (std::size_t count = 0; any && below(count, limit); ++count) {
    const PatternMatch& found = matcher.current();
    out.append(pieces.between(position, found.start));
    out.append(JSONATA_TRY(replacement_for(evaluator, found, arguments[2])));
    const std::string_view matched = found.match.is_string() ? found.match.string() : std::string_view();
    position = found.start + static_cast<double>(count_units(matched));
    any = JSONATA_TRY(matcher.next());
  }
  out.append(pieces.from(position));
  return Value(out.view());
}

Outcome replace(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  if (arguments[1].is_string() && arguments[1].string().empty())
    return evaluator.fail("D3010", arguments[1], 2);
  const auto limit = limit_of(arguments[3]);
  if (limit && *limit < 0) return evaluator.fail("D3011", arguments[3], 4);
  if (!below(0, limit)) return arguments[0];
  if (!arguments[1].is_string()) return replace_matches(evaluator, arguments, limit);
  const std::string_view replacement = arguments[2].is_string() ? arguments[2].string() : std::string_view();
  return replace_text(evaluator, arguments[0].string(), arguments[1].string(), replacement, limit);
}

// --- $split
// -------------------------------------------------------------------------------------------------

Outcome split_text(Evaluator& evaluator, std::string_view text, std::string_view separator,
                   const std::optional<double>& limit) {
  Arena& arena = evaluator.arena();
  Array* parts = arena.make<Array>();
  // JavaScript takes the whole part of the limit.
  const std::optional<double> most = limit ? std::optional(std::floor(*limit)) : std::nullopt;
  if (separator.empty()) {  // into UTF-16 units
    const std::u16string_view units = evaluator.arena_units(text);
    for (std::size_t i = 0; i < units.size() && below(i, most); ++i) {
      JSONATA_CHECK(evaluator.tick());
      parts->push(arena, Value(arena.copy(from_units(units.substr(i, 1)))));
    }
    return Value(parts);
  }
  std::size_t position = 0;
  while (below(parts->size(), most)) {
    JSONATA_CHECK(evaluator.tick());
    const std::size_t found = text.find(separator, position);
    parts->push(arena,
                Value(text.substr(position, found == std::string_view::npos ? found : found - position)));
    if (found == std::string_view::npos) break;
    position = found + separator.size();
  }
  return Value(parts);
}

Outcome split_matches(Evaluator& evaluator, Arguments arguments, const std::optional<double>& limit) {
  Arena& arena = evaluator.arena();
  Array* parts = arena.make<Array>();
  if (!below(0, limit)) return Value(parts);
  Matcher matcher(evaluator, arguments[1], arguments[0]);
  Pieces pieces(evaluator, arguments[0].string());
  double position = 0;
  bool any = JSONATA_TRY(matcher.next());
  while (any && below(parts->size(), limit)) {
    parts->push(arena, Value(pieces.between(position, matcher.current().start)));
    position = matcher.current().end;
    any = JSONATA_TRY(matcher.next());
  }
  if (below(parts->size(), limit)) parts->push(arena, Value(pieces.from(position)));
  return Value(parts);
}

Outcome split(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  const auto limit = limit_of(arguments[2]);
  if (limit && *limit < 0) return evaluator.fail("D3020", arguments[2], 3);
  if (arguments[1].is_function()) return split_matches(evaluator, arguments, limit);
  if (!arguments[1].is_string()) {  // JavaScript does not split at undefined
    Array* whole = evaluator.arena().make<Array>();
    whole->push(evaluator.arena(), arguments[0]);
    return Value(whole);
  }
  return split_text(evaluator, arguments[0].string(), arguments[1].string(), limit);
}

constexpr std::array kFunctions{
    NativeFunction{"match", "<s-f<s:o>n?:a<o>>", 3, match},
    NativeFunction{"contains", "<s-(sf):b>", 2, contains},
    NativeFunction{"replace", "<s-(sf)(sf)n?:s>", 4, replace},
    NativeFunction{"split", "<s-(sf)n?:a<s>>", 3, split},
};

}  // namespace

std::span<const NativeFunction> pattern_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
