#include "json/parser.h"

#include <cmath>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include "json/number_text.h"
#include "json/writer.h"

namespace lamplighter {
namespace {

using boost::system::error_code;

// The text of what is being read. A comma follows each value until the array or object around it ends.
class CompactText {
 public:
  explicit CompactText(std::string* out) : out_(out) {
    if (out_) out_->clear();
  }

  void open(char bracket) {
    if (out_) *out_ += bracket;
  }
  void close(char bracket) {
    if (!out_) return;
    if (out_->back() == ',') out_->pop_back();
    *out_ += bracket;
    *out_ += ',';
  }
  /// A part of a text or number.
  void part(json::string_view text) {
    if (out_) part_.append(text.data(), text.size());
  }
  void number(json::string_view last) {
    part(last);
    end(part_, ',');
  }
  void string(json::string_view last, char follows) {
    if (!out_) return;
    part(last);
    append_quoted(*out_, part_);
    end({}, follows);
  }
  void word(std::string_view word) { end(word, ','); }
  void end_document() {
    if (out_) out_->pop_back();
  }

 private:
  void end(std::string_view text, char follows) {
    if (!out_) return;
    *out_ += text;
    *out_ += follows;
    part_.clear();
  }

  std::string* out_;
  std::string part_;
};

// What basic_parser tells, put on a value_stack; doubles are read from their text.
class Handler {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the names that basic_parser asks for
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();
  // NOLINTEND(readability-identifier-naming)

  explicit Handler(const ParseOptions& options)
      : text_(options.compact), max_values_(options.max_values), as_javascript_(options.as_javascript) {}

  [[nodiscard]] bool has_too_many_values() const { return values_ > max_values_; }
  json::value release() { return stack_.release(); }

  bool on_document_begin(error_code&) { return stack_.reset(), true; }
  bool on_document_end(error_code&) { return text_.end_document(), true; }
  bool on_object_begin(error_code&) { return text_.open('{'), true; }
  bool on_object_end(std::size_t count, error_code& error) {
    text_.close('}');
    return stack_.push_object(count), counts(error);
  }
  bool on_array_begin(error_code&) { return text_.open('['), true; }
  bool on_array_end(std::size_t count, error_code& error) {
    text_.close(']');
    return stack_.push_array(count), counts(error);
  }
  bool on_key_part(json::string_view part, std::size_t, error_code&) { return on_part(part); }
  bool on_key(json::string_view part, std::size_t, error_code&) {
    text_.string(part, ':');
    return stack_.push_key(part), true;
  }
  bool on_string_part(json::string_view part, std::size_t, error_code&) { return on_part(part); }
  bool on_string(json::string_view part, std::size_t, error_code& error) {
    text_.string(part, ',');
    return stack_.push_string(part), counts(error);
  }
  bool on_number_part(json::string_view part, error_code&) {
    text_.part(part);
    return number_.append(part.data(), part.size()), true;
  }
  bool on_int64(std::int64_t number, json::string_view part, error_code& error) {
    end_integer(part);
    return stack_.push_int64(number), counts(error);
  }
  bool on_uint64(std::uint64_t number, json::string_view part, error_code& error) {
    end_integer(part);
    return stack_.push_uint64(number), counts(error);
  }
  bool on_double(double rough, json::string_view part, error_code& error) {
    text_.number(part);
    number_.append(part.data(), part.size());
    double number = text_to_number(number_).value_or(rough);
    number_.clear();
    if (!as_javascript_) {
      if (!std::isfinite(number)) error = json::error::exponent_overflow;
      if (number == 0) number = 0;
    }
    return !error && (stack_.push_double(number), counts(error));
  }
  bool on_bool(bool value, error_code& error) {
    text_.word(value ? "true" : "false");
    return stack_.push_bool(value), counts(error);
  }
  bool on_null(error_code& error) {
    text_.word("null");
    return stack_.push_null(), counts(error);
  }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  bool on_part(json::string_view part) {
    text_.part(part);
    return stack_.push_chars(part), true;
  }
  /// One value more; false, with an error, where that is one too many.
  bool counts(error_code& error) {
    if (++values_ <= max_values_) return true;
    error = json::error::array_too_large;
    return false;
  }
  void end_integer(json::string_view part) {
    text_.number(part);
    number_.clear();
  }

  json::value_stack stack_;
  std::string number_;
  CompactText text_;
  std::size_t values_ = 0;
  std::size_t max_values_;
  bool as_javascript_;
};

tl::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::bad_input, "InvalidJson", std::move(message));
}

}  // namespace

Result<json::value> parse_json(std::string_view text, const ParseOptions& options) {
  if (text.size() > options.max_bytes) {
    return invalid(
        fmt::format("found {} bytes of JSON, expected at most {}", text.size(), options.max_bytes));
  }
  json::parse_options rules;
  rules.max_depth = options.max_depth;
  rules.allow_invalid_utf8 = options.as_javascript;
  json::basic_parser<Handler> parser(rules, options);
  error_code error;
  const std::size_t parsed = parser.write_some(false, text.data(), text.size(), error);
  if (parser.handler().has_too_many_values())
    return invalid(fmt::format("at byte {}: more than {} values", parsed, options.max_values));
  if (error) return invalid(fmt::format("at byte {}: {}", parsed, error.message()));
  if (text.find_first_not_of(" \t\r\n", parsed) != std::string_view::npos) {
    return invalid(fmt::format("at byte {}: text after the value", parsed));
  }
  return parser.handler().release();
}

}  // namespace lamplighter
