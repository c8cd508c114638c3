#include "json/writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "json/number_text.h"

namespace lamplighter {
namespace {

/// By byte: whether a text shows it as it is.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < plain.size(); ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

void append_escaped(std::string& out, char letter) {
  constexpr std::string_view kLetters = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  if (const auto index = kLetters.find(letter); index != std::string_view::npos) {
    out += '\\';
    out += kNames[index];
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(letter));
  }
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
  char buffer[24];
  out.append(buffer, std::to_chars(std::begin(buffer), std::end(buffer), number).ptr);
}

void append_scalar(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      break;
    case json::kind::int64:
      return append_integer(out, value.get_int64());
    case json::kind::uint64:
      return append_integer(out, value.get_uint64());
    case json::kind::double_:
      out += std::isfinite(value.get_double()) ? number_to_text(value.get_double()) : "null";
      break;
    case json::kind::string:
      return append_quoted(out, value.get_string());
    default:
      out += "null";
  }
}

/// How a value is laid out: nothing between its parts, or each on a line of its own.
class Writer {
 public:
  explicit Writer(bool indented) : indented_(indented) {}

  void write(const json::value& value) {
    if (const auto* object = value.if_object()) {
      write(*object);
    } else if (const auto* array = value.if_array()) {
      write(*array);
    } else {
      append_scalar(out_, value);
    }
  }
  void write(const json::object& object) {
    write_block('{', '}', object, [this](const auto& member) {
      append_quoted(out_, member.key());
      out_ += indented_ ? ": " : ":";
      write(member.value());
    });
  }
  void write(const json::array& array) {
    write_block('[', ']', array, [this](const auto& item) { write(item); });
  }

  std::string take() { return std::move(out_); }

 private:
  template <class Items, class Write>
  void write_block(char open, char close, const Items& items, Write write_item) {
    out_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      break_line();
      write_item(item);
    }
    --depth_;
    if (!first) break_line();
    out_ += close;
  }

  void break_line() {
    if (indented_) out_.append("\n").append(2 * depth_, ' ');
  }

  std::string out_;
  std::size_t depth_ = 0;
  bool indented_;
};

template <class Part>
std::string written(const Part& part, bool indented) {
  Writer writer(indented);
  writer.write(part);
  return writer.take();
}

}  // namespace

std::string json_text(const json::value& value) { return written(value, false); }
std::string json_text(const json::array& array) { return written(array, false); }
std::string json_text(const json::object& object) { return written(object, false); }

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kPlain[static_cast<unsigned char>(text[i])]) continue;
    out.append(text, done, i - done);
    append_escaped(out, text[i]);
    done = i + 1;
  }
  out.append(text, done);
  out += '"';
}

std::string pretty(const json::value& value) { return written(value, true) + '\n'; }

}  // namespace lamplighter
