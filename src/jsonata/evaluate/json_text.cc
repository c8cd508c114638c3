#include "jsonata/evaluate/json_text.h"

#include <cmath>
#include <cstdio>

#include "json/number_text.h"
#include "json/parser.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

// Writes JSON text as JSON.stringify does.
class TextWriter {
 public:
  TextWriter(Arena& arena, TextOptions options) : arena_(arena), options_(options), out_(arena) {}

  Attempt<std::string_view> write(Value value) {
    JSONATA_CHECK(write_value(value, 0));
    if (arena_.exhausted()) return fail(arena_, kByteLimit);
    return out_.view();
  }

 private:
  Done write_value(Value value, std::size_t depth) {
    if (depth > kMaxValueDepth) return fail(arena_, kDepthLimit);
    if (arena_.exhausted()) return fail(arena_, kByteLimit);
    switch (value.kind()) {
      case Kind::boolean:
        out_.append(value.boolean() ? "true" : "false");
        break;
      case Kind::number:
        return write_number(value.number());
      case Kind::string:
        write_string(value.string());
        break;
      case Kind::array:
        return write_array(Items(value), depth);
      case Kind::object:
        return write_object(value, depth);
      case Kind::function:
        out_.append("\"\"");
        break;
      default:
        out_.append("null");
        break;
    }
    return {};
  }

  Done write_number(double number) {
    if (std::isfinite(number)) {
      out_.append(number_to_text(options_.exact_numbers ? number : to_15_digits(number)));
    } else if (std::isnan(number) || options_.exact_numbers) {
      out_.append("null");
    } else {
      return fail(arena_, "D1001", Value(number));
    }
    return {};
  }

  Done write_array(const Items& items, std::size_t depth) {
    out_.append('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_.append(',');
      break_line(depth + 1);
      JSONATA_CHECK(write_value(items[i], depth + 1));
    }
    if (!items.empty()) break_line(depth);
    out_.append(']');
    return {};
  }

  Done write_object(Value object, std::size_t depth) {
    out_.append('{');
    bool first = true;
    for (const Member& member : members_of(object, arena_)) {
      if (member.value.is_undefined()) continue;
      if (!first) out_.append(',');
      first = false;
      break_line(depth + 1);
      write_string(member.key);
      out_.append(options_.indented ? ": " : ":");
      JSONATA_CHECK(write_value(member.value, depth + 1));
    }
    if (!first) break_line(depth);
    out_.append('}');
    return {};
  }

  void break_line(std::size_t depth) {
    if (!options_.indented) return;
    out_.append('\n');
    for (std::size_t i = 0; i < depth; ++i) out_.append("  ");
  }

  void write_string(std::string_view text) {
    out_.append('"');
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t start = i;
      const auto byte = static_cast<unsigned char>(text[i]);
      const char32_t c = byte < 0x80 ? (++i, byte) : next_code_point(text, i);
      if (c >= 0x20 && c != '"' && c != '\\' && !is_surrogate(c)) continue;
      out_.append(text.substr(done, start - done));
      write_escaped(c);
      done = i;
    }
    out_.append(text.substr(done));
    out_.append('"');
  }

  void write_escaped(char32_t c) {
    switch (c) {
      case '"':
        return out_.append("\\\"");
      case '\\':
        return out_.append("\\\\");
      case '\b':
        return out_.append("\\b");
      case '\f':
        return out_.append("\\f");
      case '\n':
        return out_.append("\\n");
      case '\r':
        return out_.append("\\r");
      case '\t':
        return out_.append("\\t");
      default:
        break;
    }
    char buffer[8];
    const int length = std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
    out_.append(std::string_view(buffer, static_cast<std::size_t>(length)));
  }

  Arena& arena_;
  TextOptions options_;
  TextBuilder out_;
};

// Copies a value into Boost.JSON, as its own parser does: parts first, then the array or object of them.
class Exporter {
 public:
  Exporter(Arena& arena, std::size_t max_bytes)
      : arena_(arena), left_(max_bytes), unlimited_(max_bytes == 0) {
    stack_.reset();
  }

  Attempt<json::value> write(Value value) {
    JSONATA_CHECK(push(value, 0));
    return stack_.release();
  }

 private:
  Done push(Value value, std::size_t depth) {
    JSONATA_CHECK(spend(sizeof(json::value)));
    switch (value.kind()) {
      case Kind::boolean:
        stack_.push_bool(value.boolean());
        break;
      case Kind::number:
        push_number(value.number());
        break;
      case Kind::string:
        return push_string(value.string());
      case Kind::array:
        return push_array(Items(value), depth);
      case Kind::object:
        return push_object(value, depth);
      default:
        stack_.push_null();
        break;  // in an array also what JSON cannot say
    }
    return {};
  }

  Done spend(std::size_t bytes) {
    if (unlimited_) return {};
    if (bytes > left_) return fail(arena_, kByteLimit);
    left_ -= bytes;
    return {};
  }

  void push_number(double number) {
    constexpr double kExact = 9007199254740992.0;  // 2^53: from here on not each integer is a double
    if (std::fabs(number) < kExact) {
      const auto whole = static_cast<std::int64_t>(number);
      if (static_cast<double>(whole) == number) return stack_.push_int64(whole);
    }
    if (std::isfinite(number)) return stack_.push_double(number);
    stack_.push_string(std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
  }

  Done push_string(std::string_view text) {
    JSONATA_CHECK(spend(text.size()));
    if (has_lone_surrogate(text)) {
      stack_.push_string(without_lone_surrogates(text));
    } else {
      stack_.push_string(text);
    }
    return {};
  }

  Done push_array(const Items& items, std::size_t depth) {
    if (depth >= kMaxValueDepth) return fail(arena_, kDepthLimit);
    for (std::size_t i = 0; i < items.size(); ++i) JSONATA_CHECK(push(items[i], depth + 1));
    stack_.push_array(items.size());
    return {};
  }

  Done push_object(Value object, std::size_t depth) {
    if (depth >= kMaxValueDepth) return fail(arena_, kDepthLimit);
    std::size_t count = 0;
    for (const Member& member : members_of(object, arena_)) {
      if (member.value.is_undefined() || member.value.is_function()) continue;
      JSONATA_CHECK(spend(member.key.size() + sizeof(json::key_value_pair)));
      if (has_lone_surrogate(member.key)) {
        stack_.push_key(without_lone_surrogates(member.key));
      } else {
        stack_.push_key(member.key);
      }
      JSONATA_CHECK(push(member.value, depth + 1));
      ++count;
    }
    stack_.push_object(count);
    return {};
  }

  Arena& arena_;
  json::value_stack stack_;
  std::size_t left_;
  bool unlimited_;
};

}  // namespace

Attempt<std::string_view> to_json_text(Value value, Arena& arena, TextOptions options) {
  if (value.is_undefined()) return std::string_view();
  return TextWriter(arena, options).write(value);
}

Attempt<std::optional<json::value>> to_json(Value value, Arena& arena, std::size_t max_bytes) {
  if (value.is_undefined() || value.is_function()) return std::optional<json::value>();
  auto written = Exporter(arena, max_bytes).write(value);
  if (!written) return tl::unexpected(written.error());
  return std::optional<json::value>(*std::move(written));
}

lamplighter::Result<json::value> read_json_text(std::string_view text, std::size_t max_depth) {
  return parse_json(with_surrogates_as_bytes(text),
                    ParseOptions{.max_depth = max_depth, .as_javascript = true});
}

}  // namespace lamplighter::jsonata
