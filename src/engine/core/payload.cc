#include "engine/core/payload.h"

#include <algorithm>

#include "base/utf8.h"

namespace lamplighter::engine {
namespace {

Payload share(std::string text, json::value value) {
  return share_payload(std::make_shared<const std::string>(std::move(text)), std::move(value));
}

/// Steps through the text of a valid JSON value.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[nodiscard]] std::size_t position() const { return position_; }
  /// How many arrays and objects are open.
  [[nodiscard]] std::size_t depth() const { return depth_; }

  /// The next character outside of strings; a string counts as its closing quote.
  char next() {
    const char letter = text_[position_++];
    if (letter == '"') skip_string();
    if (letter == '[' || letter == '{') ++depth_;
    if (letter == ']' || letter == '}') --depth_;
    return letter;
  }

 private:
  void skip_string() {
    while (text_[position_] != '"') position_ += text_[position_] == '\\' ? 2 : 1;
    ++position_;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// A task's answer, or an expression's value, need not be UTF-8; what can't be read back must not be stored.
void mend(json::value& value) {
  if (auto* text = value.if_string()) {
    value = mend_utf8(std::string(*text));
  } else if (auto* array = value.if_array()) {
    for (auto& item : *array) mend(item);
  } else if (auto* object = value.if_object()) {
    json::object mended;
    for (auto& member : *object) {
      mend(member.value());
      mended.insert_or_assign(mend_utf8(std::string(member.key())), std::move(member.value()));
    }
    *object = std::move(mended);
  }
}

}  // namespace

Payload share_payload(SharedText text, json::value value) {
  return std::make_shared<const PayloadData>(std::move(text), std::move(value));
}

Payload make_payload(json::value value) {
  std::string text = json_text(value);
  if (valid_utf8_prefix(text) < text.size()) {
    mend(value);
    text = json_text(value);
  }
  return share(std::move(text), std::move(value));
}

Payload make_payload(json::object object, std::string_view key, const Payload& member) {
  std::string text;
  object[key] = member->value;
  for (const auto& each : object) {
    text += text.empty() ? '{' : ',';
    append_quoted(text, each.key());
    text += ':';
    text += each.key() == key ? member->text : json_text(each.value());
  }
  return share(text + "}", std::move(object));
}

Payload make_payload(const std::vector<Payload>& items) {
  json::array value;
  std::string text;
  for (const auto& item : items) {
    text += text.empty() ? '[' : ',';
    text += item->text;
    value.push_back(item->value);
  }
  text += text.empty() ? "[]" : "]";
  return share(std::move(text), std::move(value));
}

Result<Payload> read_payload(std::string_view text) {
  auto value = TRY(parse_json(text, kMaxPayloadDepth));
  return share(std::string(text), std::move(value));
}

Result<Payload> read_compact(std::string_view text) {
  std::string compact;
  auto value = TRY(parse_json(text, {.max_depth = kMaxPayloadDepth, .compact = &compact}));
  return share(std::move(compact), std::move(value));
}

std::vector<std::string_view> element_texts(const Payload& array) {
  std::vector<std::string_view> out;
  const std::string_view text = array->text;
  Scanner scanner(text);
  std::size_t begin = 0;
  while (!scanner.at_end()) {
    const char letter = scanner.next();
    if (letter == '[' && scanner.depth() == 1) begin = scanner.position();
    const bool ends = (letter == ',' && scanner.depth() == 1) || (letter == ']' && scanner.depth() == 0);
    if (!ends) continue;
    out.push_back(trim(text.substr(begin, scanner.position() - 1 - begin)));
    begin = scanner.position();
  }
  if (out.size() == 1 && out.front().empty()) out.clear();
  return out;
}

bool is_too_deep(const Payload& payload) {
  const std::string& text = payload->text;
  if (text.size() <= kMaxPayloadDepth) return false;
  std::size_t deepest = 0;
  for (Scanner scanner(text); !scanner.at_end(); scanner.next()) deepest = std::max(deepest, scanner.depth());
  return deepest > kMaxPayloadDepth;
}

}  // namespace lamplighter::engine
