#include "jsonata/exact_json.h"

#include <string>

#include <boost/json/basic_parser_impl.hpp>

#include "jsonata/functions/text.h"
#include "jsonata/number_text.h"

namespace lamplighter::jsonata {
namespace {

namespace json = boost::json;
using boost::system::error_code;

// What basic_parser tells, put on a value_stack; doubles are read from their text.
class Handler {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the names that basic_parser asks for
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();
  // NOLINTEND(readability-identifier-naming)

  json::value release() { return stack_.release(); }

  bool on_document_begin(error_code&) { return stack_.reset(), true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t count, error_code&) { return stack_.push_object(count), true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t count, error_code&) { return stack_.push_array(count), true; }
  bool on_key_part(json::string_view part, std::size_t, error_code&) { return stack_.push_chars(part), true; }
  bool on_key(json::string_view part, std::size_t, error_code&) { return stack_.push_key(part), true; }
  bool on_string_part(json::string_view part, std::size_t, error_code&) {
    return stack_.push_chars(part), true;
  }
  bool on_string(json::string_view part, std::size_t, error_code&) { return stack_.push_string(part), true; }
  bool on_number_part(json::string_view part, error_code&) {
    return number_.append(part.data(), part.size()), true;
  }
  bool on_int64(std::int64_t number, json::string_view, error_code&) {
    number_.clear();
    return stack_.push_int64(number), true;
  }
  bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
    number_.clear();
    return stack_.push_uint64(number), true;
  }
  bool on_double(double rough, json::string_view part, error_code&) {
    number_.append(part.data(), part.size());
    stack_.push_double(text_to_number(number_).value_or(rough));
    number_.clear();
    return true;
  }
  bool on_bool(bool value, error_code&) { return stack_.push_bool(value), true; }
  bool on_null(error_code&) { return stack_.push_null(), true; }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  json::value_stack stack_;
  std::string number_;
};

}  // namespace

tl::expected<json::value, error_code> parse_exactly(std::string_view text, std::size_t max_depth) {
  json::parse_options options;
  options.max_depth = max_depth;
  options.allow_invalid_utf8 = true;
  json::basic_parser<Handler> parser(options);
  const std::string prepared = with_surrogates_as_bytes(text);
  error_code error;
  const std::size_t parsed = parser.write_some(false, prepared.data(), prepared.size(), error);
  if (error) return tl::unexpected(error);
  if (prepared.find_first_not_of(" \t\r\n", parsed) != std::string::npos) {
    return tl::unexpected(error_code(json::error::extra_data));
  }
  return parser.handler().release();
}

}  // namespace lamplighter::jsonata
