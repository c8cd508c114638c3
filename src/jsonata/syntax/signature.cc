#include "jsonata/syntax/signature.h"

#include <algorithm>

namespace lamplighter::jsonata {
namespace {

char letter_of(Value value) {
  switch (value.kind()) {
    case Kind::undefined:
      return 'm';
    case Kind::null:
      return 'l';
    case Kind::boolean:
      return 'b';
    case Kind::number:
      return 'n';
    case Kind::string:
      return 's';
    case Kind::array:
      return 'a';
    case Kind::function:
      return 'f';
    default:
      return 'o';
  }
}

std::string_view plural_of(char type) {
  switch (type) {
    case 'a':
      return "arrays";
    case 'b':
      return "booleans";
    case 'f':
      return "functions";
    case 'n':
      return "numbers";
    case 'o':
      return "objects";
    case 's':
      return "strings";
    default:
      return "values";
  }
}

std::string accepted_by(char type) {
  switch (type) {
    case 'a':
    case 'x':
      return "asnblfom";
    case 'j':
      return "asnblom";
    case 'f':
      return "f";
    default:
      return {type, 'm'};
  }
}

// The bracket that closes the one at `open`, or the text's end.
std::size_t closing_bracket(std::string_view text, std::size_t open, char close) {
  int depth = 1;
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == close && --depth == 0) return i;
    if (text[i] == text[open]) ++depth;
  }
  return text.size();
}

}  // namespace

tl::expected<std::unique_ptr<const Signature>, Signature::ParseError> Signature::parse(
    std::string_view text) {
  auto signature = std::make_unique<Signature>();
  auto& parameters = signature->parameters_;
  for (std::size_t i = 1; i < text.size() && text[i] != ':'; ++i) {
    const char c = text[i];
    Parameter* previous = parameters.empty() ? nullptr : &parameters.back();
    if (std::string_view("snblofajx").find(c) != std::string_view::npos) {
      Parameter parameter;
      parameter.type = c;
      parameter.accepts = accepted_by(c);
      parameters.push_back(std::move(parameter));
    } else if (c == '(') {
      const std::size_t end = closing_bracket(text, i, ')');
      const std::string choice(text.substr(i + 1, end - i - 1));
      if (choice.find('<') != std::string::npos) return tl::unexpected(ParseError{"S0402", choice, i});
      Parameter parameter;
      parameter.type = '(';
      parameter.accepts = choice + "m";
      parameters.push_back(std::move(parameter));
      i = end;
    } else if (c == '<') {
      if (previous == nullptr || (previous->type != 'a' && previous->type != 'f')) {
        return tl::unexpected(
            ParseError{"S0401", previous == nullptr ? "" : std::string(1, previous->type), i});
      }
      const std::size_t end = closing_bracket(text, i, '>');
      previous->item_type = text.substr(i + 1, end - i - 1);
      i = end;
    } else if (previous != nullptr) {
      if (c == '-') previous->context = previous->optional = true;
      if (c == '?') previous->optional = true;
      if (c == '+') previous->repeated = true;
    }
  }
  return signature;
}

// How the letters of the given arguments spread over the parameters: greedy, with backtracking, as a regular
// expression would; what failed once is not tried again.
class Signature::Matcher {
 public:
  Matcher(const std::vector<Parameter>& parameters, const std::string& letters, std::size_t parameter_count,
          bool whole)
      : parameters_(parameters),
        letters_(letters),
        parameter_count_(parameter_count),
        whole_(whole),
        failed_((parameter_count + 1) * (letters.size() + 1), false),
        counts_(parameter_count, 0) {}

  bool match() { return match_from(0, 0); }
  /// How many letters each parameter took.
  [[nodiscard]] const std::vector<std::size_t>& counts() const { return counts_; }

 private:
  bool match_from(std::size_t parameter, std::size_t position) {
    if (parameter == parameter_count_) return !whole_ || position == letters_.size();
    const std::size_t mark = parameter * (letters_.size() + 1) + position;
    if (failed_[mark]) return false;
    const Parameter& wanted = parameters_[parameter];
    std::size_t most = 0;
    while (position + most < letters_.size() && (most == 0 || wanted.repeated) &&
           wanted.accepts.find(letters_[position + most]) != std::string::npos) {
      ++most;
    }
    const std::size_t least = wanted.optional ? 0 : 1;
    for (std::size_t count = most + 1; count-- > least;) {
      counts_[parameter] = count;
      if (match_from(parameter + 1, position + count)) return true;
    }
    failed_[mark] = true;
    return false;
  }

  const std::vector<Parameter>& parameters_;
  const std::string& letters_;
  std::size_t parameter_count_;
  bool whole_;
  std::vector<bool> failed_;
  std::vector<std::size_t> counts_;
};

// The arguments as the function gets them.
class Signature::Builder {
 public:
  Builder(std::span<const Value> given, Value context, Arena& arena)
      : given_(given), context_(context), arena_(arena) {}

  Done add(const Parameter& parameter, std::string_view matched) {
    if (matched.empty()) {
      if (parameter.context) return add_context(parameter);
      arguments_.push(arena_, current());
      ++position_;
      return {};
    }
    const Value first = current();
    for (const char letter : matched) {
      if (parameter.type == 'a') {
        arguments_.push(arena_, JSONATA_TRY(as_array(parameter, letter, matched)));
      } else {
        arguments_.push(arena_, first);  // a repeated one too: the reference gives the first each time
      }
      ++position_;
    }
    return {};
  }

  [[nodiscard]] std::span<const Value> arguments() const { return {arguments_.begin(), arguments_.size()}; }

 private:
  [[nodiscard]] Value current() const { return position_ < given_.size() ? given_[position_] : Value(); }

  Done add_context(const Parameter& parameter) {
    if (parameter.accepts.find(letter_of(context_)) == std::string::npos) {
      return fail(arena_, "T0411", context_, position_ + 1);
    }
    arguments_.push(arena_, context_);
    return {};
  }

  Outcome as_array(const Parameter& parameter, char letter, std::string_view matched) {
    if (letter == 'm') return Value();
    const Value argument = current();
    if (!parameter.item_type.empty() && !items_fit(parameter.item_type, argument, letter, matched)) {
      Failure failure;
      failure.code = "T0412";
      failure.value = argument;
      failure.index = position_ + 1;
      failure.expected = plural_of(parameter.item_type[0]);
      return fail(arena_, failure);
    }
    if (letter == 'a') return argument;
    Array* single = arena_.make<Array>();
    single->push(arena_, argument);
    return Value(single);
  }

  static bool items_fit(const std::string& item_type, Value argument, char letter, std::string_view matched) {
    if (letter != 'a') return matched == item_type;
    const Items items(argument);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (letter_of(items[i]) != item_type[0]) return false;
    }
    return true;
  }

  std::span<const Value> given_;
  Value context_;
  Arena& arena_;
  std::size_t position_ = 0;
  List<Value> arguments_;
};

// The common case: each argument is there and is what its parameter wants as it stands.
bool Signature::fits_plainly(std::span<const Value> given) const {
  if (given.size() > parameters_.size()) return false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Parameter& parameter = parameters_[i];
    const char letter = letter_of(given[i]);
    if (letter == 'm' || parameter.accepts.find(letter) == std::string::npos) return false;
    if (parameter.type != 'a') continue;
    if (letter != 'a') return false;
    if (parameter.item_type.empty()) continue;
    const Items items(given[i]);
    for (std::size_t j = 0; j < items.size(); ++j) {
      if (letter_of(items[j]) != parameter.item_type[0]) return false;
    }
  }
  return std::all_of(parameters_.begin() + static_cast<std::ptrdiff_t>(given.size()), parameters_.end(),
                     [](const Parameter& parameter) { return parameter.optional && !parameter.context; });
}

Attempt<std::span<const Value>> Signature::validate(std::span<const Value> given, Value context,
                                                    Arena& arena) const {
  if (fits_plainly(given)) return given;
  std::string letters;
  for (const Value& argument : given) letters.push_back(letter_of(argument));
  Matcher matcher(parameters_, letters, parameters_.size(), true);
  if (!matcher.match()) return mismatch(given, letters, arena);
  Builder builder(given, context, arena);
  std::size_t position = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::size_t count = matcher.counts()[i];
    JSONATA_CHECK(builder.add(parameters_[i], std::string_view(letters).substr(position, count)));
    position += count;
  }
  return builder.arguments();
}

tl::unexpected<Failure*> Signature::mismatch(std::span<const Value> given, const std::string& letters,
                                             Arena& arena) const {
  std::size_t good = 0;
  for (std::size_t count = 1; count <= parameters_.size(); ++count) {
    Matcher matcher(parameters_, letters, count, false);
    if (!matcher.match()) break;
    good = 0;
    for (const std::size_t taken : matcher.counts()) good += taken;
  }
  return fail(arena, "T0410", good < given.size() ? given[good] : Value(), good + 1);
}

}  // namespace lamplighter::jsonata
