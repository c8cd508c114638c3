// The words of each code. They are our own, but T1006's: that one stands in causes that Step Functions was
// seen to write, and users match on these. (Codes, positions and tokens are the reference implementation's.)
#include "jsonata/failure.h"

#include <algorithm>
#include <array>

#include "jsonata/evaluate/json_text.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

struct Wording {
  std::string_view code;
  std::string_view text;
};

// {name} stands for that part of the failure as JSON, {!name} for its plain text.
constexpr Wording kWordings[] = {
    {"D1001", "{value} is no number that JSON can hold"},
    {"D1002", "only a number can be negated, and {value} is none"},
    {"D1004", "the regular expression matches an empty text"},
    {"D1009", "two keys of the object are the same: {value}"},
    {"D2014", "a range may hold a million items at most, and this one would have {value}"},
    {"D3001", "an infinite number, or none at all, cannot become text"},
    {"D3010", "$replace cannot look for an empty text"},
    {"D3011", "$replace needs a limit of zero or more"},
    {"D3012", "$replace got a replacement that is no text"},
    {"D3020", "$split needs a limit of zero or more"},
    {"D3030", "{value} cannot be read as a number"},
    {"D3040", "$match needs a limit of zero or more"},
    {"D3050", "$reduce needs a function of two parameters or more"},
    {"D3060", "$sqrt has no answer for a negative number: {value}"},
    {"D3061", "$power of {value} and {exp} is no number that JSON can hold"},
    {"D3070", "$sort alone orders only numbers or only texts; give it a function that compares"},
    {"D3080", "a number's picture has two parts at most, one behind the other"},
    {"D3081", "a part of the number's picture has more than one decimal separator"},
    {"D3082", "a part of the number's picture has more than one percent sign"},
    {"D3083", "a part of the number's picture has more than one per-mille sign"},
    {"D3084", "a part of the number's picture has both a percent and a per-mille sign"},
    {"D3085", "a part of the number's picture has no digit"},
    {"D3086", "a part of the number's picture has other text between its digits"},
    {"D3087", "a grouping separator stands beside the decimal separator of the number's picture"},
    {"D3088", "the integer digits of the number's picture end with a grouping separator"},
    {"D3089", "two grouping separators of the number's picture stand side by side"},
    {"D3090", "an optional digit follows a mandatory one among the picture's integer digits"},
    {"D3091", "a mandatory digit follows an optional one among the picture's fraction digits"},
    {"D3092", "a number's picture with a percent or per-mille sign cannot have an exponent"},
    {"D3093", "the exponent in the number's picture may have mandatory digits only, and needs one"},
    {"D3100", "$formatBase knows the bases 2 to 36, not {value}"},
    {"D3110", "$toMillis reads ISO 8601 timestamps, and {value} is none"},
    {"D3130", "a sequence that starts with {value} is not among those that can be formatted or parsed"},
    {"D3131", "the digits of a decimal pattern come from more than one family"},
    {"D3132", "a date's picture has no component {value}"},
    {"D3133", "only months and days have names in a date's picture, {value} has none"},
    {"D3134", "a time zone has four digits at most in a date's picture"},
    {"D3135", "a '[' of the date's picture is never closed"},
    {"D3136", "the date's picture does not say enough to read a moment with it"},
    {"D3137", "{!message}"},
    {"D3138", "$single found more than one match"},
    {"D3139", "$single found no match"},
    {"D3140", "${!functionName} got a malformed URL: {value}"},
    {"D3141", "{!message}"},
    {"S0101", "the text is not closed by the quote that opened it"},
    {"S0102", "{token} is beyond the numbers that can be written"},
    {"S0103", "\\{token} is no escape sequence"},
    {"S0104", "\\u is not followed by four hexadecimal digits"},
    {"S0105", "the name in backquotes is not closed"},
    {"S0106", "the comment is not closed"},
    {"S0201", "{token} stands where the expression should have ended"},
    {"S0202", "{token} stands where {value} should"},
    {"S0203", "{value} is missing at the end"},
    {"S0204", "{token} is no operator"},
    {"S0205", "{token} cannot stand here"},
    {"S0206", "{token} is of an unknown kind"},
    {"S0207", "the expression ends too early"},
    {"S0208", "parameter {value} of the function is no variable: its name must start with $"},
    {"S0209", "a predicate stands behind the step's grouping"},
    {"S0210", "the step has more than one grouping"},
    {"S0211", "{token} cannot begin an operand"},
    {"S0212", "what := assigns to is no variable: its name must start with $"},
    {"S0213", "{value} cannot be a step of a path"},
    {"S0214", "{token} needs a variable on its right: its name must start with $"},
    {"S0215", "a step binds its context after a predicate; the binding comes first"},
    {"S0216", "a step binds its context after it is sorted; the binding comes first"},
    {"S0217", "it cannot be told which step's parent is meant"},
    {"S0301", "a regular expression cannot be empty"},
    {"S0302", "the regular expression has no / at its end"},
    {"S0401", "in a signature only arrays and functions have a type of their parts"},
    {"S0402", "in a signature a choice cannot hold types with parts"},
    {"T0410", "{token} cannot take its argument {index}: the type or the value is wrong"},
    {"T0411", "{token} would take the context as its argument {index}, but the type is wrong"},
    {"T0412", "{token} wants an array of {type} as its argument {index}"},
    {"T1003", "an object's key must be text, and {value} is none"},
    {"T1005", "this name holds no function; maybe ${!token} was meant"},
    {"T1006", "Attempted to invoke a non-function"},
    {"T1007", "this name holds no function that could be applied in part; maybe ${!token} was meant"},
    {"T1008", "what is applied in part is no function"},
    {"T1010", "the matcher that {token} got does not answer as a matcher must"},
    {"T2001", "{token} needs a number on its left"},
    {"T2002", "{token} needs a number on its right"},
    {"T2003", "a range needs a whole number on its left"},
    {"T2004", "a range needs a whole number on its right"},
    {"T2006", "~> needs a function on its right"},
    {"T2007", "{value} and {value2} have no order among them"},
    {"T2008", "only numbers and texts can be ordered"},
    {"T2009", "{token} cannot compare {value} with {value2}: their types differ"},
    {"T2010", "{token} compares only numbers and texts"},
    {"T2011", "a transform can only add an object, and {value} is none"},
    {"T2012", "a transform deletes by text or an array of texts, and {value} is neither"},
    {"T2013", "$clone, which a transform needs, is no function here"},
    {"U1001", "The expression nests or recurses deeper than its limit allows"},
    {"U1002", "The evaluation took longer than its limit allows"},
    {"U1003", "The evaluation took more steps than its limit allows"},
    {"U1004", "The evaluation needed more memory than its limit allows"},
    {"U1005", "A regular expression took more effort than its limit allows"},
};

std::string_view wording_of(std::string_view code) {
  const auto* found = std::find_if(std::begin(kWordings), std::end(kWordings),
                                   [code](const Wording& wording) { return wording.code == code; });
  return found == std::end(kWordings) ? std::string_view() : found->text;
}

std::string quoted(std::string_view text) {
  return json::serialize(json::string(without_lone_surrogates(text)));
}

// A value inside a message; cut where it is long, since a message is no place for a document.
std::string shown(Value value) {
  constexpr std::size_t kLongest = 1000;
  Arena arena(std::size_t{1} << 20);
  auto text = to_json_text(value, arena, TextOptions{.indented = false, .exact_numbers = true});
  if (!text) return "…";
  if (text->size() <= kLongest) return without_lone_surrogates(*text);
  return without_lone_surrogates(text->substr(0, kLongest)) + "…";
}

std::string part(const Failure& failure, std::string_view name) {
  if (name == "token" || name == "!token" || name == "!functionName") {
    if (name[0] == '!') return without_lone_surrogates(failure.token);
    if (!failure.token_value.is_undefined()) return shown(failure.token_value);
    return failure.has_token ? quoted(failure.token) : "undefined";
  }
  if (name == "!message") return without_lone_surrogates(failure.message);
  if (name == "index") return std::to_string(failure.index);
  if (name == "type") return quoted(failure.expected);
  const Value value = name == "value" ? failure.value : failure.value2;
  return value.is_undefined() ? "undefined" : shown(value);
}

std::string message_of(const Failure& failure) {
  const std::string_view wording = wording_of(failure.code);
  if (wording.empty()) return std::string(failure.message);
  std::string message;
  std::size_t position = 0;
  for (;;) {
    const std::size_t open = wording.find('{', position);
    if (open == std::string_view::npos) return message.append(wording.substr(position));
    const std::size_t close = wording.find('}', open);
    message.append(wording.substr(position, open - position));
    message.append(part(failure, wording.substr(open + 1, close - open - 1)));
    position = close + 1;
  }
}

}  // namespace

Error to_error(const Failure& failure, std::string_view text) {
  Error error;
  error.code = failure.code;
  error.message = message_of(failure);
  if (failure.position != kNoPosition) error.position = count_units(text.substr(0, failure.position));
  error.token = without_lone_surrogates(failure.token);
  return error;
}

}  // namespace lamplighter::jsonata
