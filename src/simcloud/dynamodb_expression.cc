#include "simcloud/dynamodb_expression.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace lamplighter::simcloud {
namespace {

constexpr int kDeepest = 20;
constexpr std::string_view kNames = "ExpressionAttributeNames";
constexpr std::string_view kValues = "ExpressionAttributeValues";

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_#:").find(c) != std::string_view::npos;
}

/// Reads one expression from its beginning to its end. Where it can't, `failed` says why.
class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, const json::object& body) : rest_(text), body_(body) {}

  void read() {
    read_all(0);
    if (!next().empty()) fail_with("it is not understood here");
    for (const auto which : {kNames, kValues}) {
      const auto* given = body_.if_contains(which);
      if (given == nullptr || !given->is_object()) continue;
      for (const auto& [name, value] : given->get_object()) {
        if (!used_.contains(std::string(name)))
          fail_with(fmt::format("{} has {}, which it doesn't use", which, std::string_view(name)));
      }
    }
  }

  std::vector<Term> terms;
  std::string failed;

 private:
  void fail_with(std::string why) {
    if (failed.empty()) failed = std::move(why);
  }

  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    std::size_t length = 0;
    while (length < rest_.size() && is_word_character(rest_[length])) ++length;
    return rest_.substr(0, std::max<std::size_t>(length, rest_.empty() ? 0 : 1));
  }
  std::string_view take() {
    const auto token = next();
    rest_.remove_prefix(token.size());
    return token;
  }
  void expect(std::string_view token) {
    if (take() != token) fail_with(fmt::format("\"{}\" is missing", token));
  }

  void read_all(int depth) {
    read_one(depth);
    while (failed.empty() && (next() == "AND" || next() == "and")) {
      take();
      read_one(depth);
    }
  }

  void read_one(int depth) {
    if (depth > kDeepest) return fail_with("it is nested too deep");
    const auto first = take();
    if (first == "(") {
      read_all(depth + 1);
      expect(")");
    } else if (first == "attribute_exists" || first == "attribute_not_exists") {
      expect("(");
      Term term{first == "attribute_exists" ? Term::Kind::exists : Term::Kind::not_exists, name(take()), {}};
      expect(")");
      terms.push_back(std::move(term));
    } else if (first == "begins_with") {
      expect("(");
      Term term{Term::Kind::begins_with, name(take()), {}};
      expect(",");
      term.value = value(take());
      expect(")");
      terms.push_back(std::move(term));
    } else {
      Term term{Term::Kind::equals, name(first), {}};
      expect("=");
      term.value = value(take());
      terms.push_back(std::move(term));
    }
  }

  const json::value* look_up(std::string_view which, std::string_view token) {
    used_.emplace(token);
    const auto* given = body_.if_contains(which);
    const auto* object = given == nullptr ? nullptr : given->if_object();
    const auto* found = object == nullptr ? nullptr : object->if_contains(token);
    if (found == nullptr) fail_with(fmt::format("{} has no {}", which, token));
    return found;
  }

  std::string name(std::string_view token) {
    if (!token.starts_with('#')) {
      if (token.empty() || token.starts_with(':') || !is_word_character(token.front()))
        fail_with("the name of an attribute is missing");
      return std::string(token);
    }
    const auto* found = look_up(kNames, token);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
  }

  json::object value(std::string_view token) {
    if (!token.starts_with(':')) fail_with("a value (:name) is missing");
    const auto* found = failed.empty() ? look_up(kValues, token) : nullptr;
    return found != nullptr && found->is_object() ? found->get_object() : json::object{};
  }

  std::string_view rest_;
  const json::object& body_;
  std::set<std::string> used_;
};

bool begins_with(const json::value& whole, const json::object& start) {
  const auto* text = find(whole, "S");
  const auto* prefix = start.if_contains("S");
  return text != nullptr && text->is_string() && prefix != nullptr && prefix->is_string() &&
         text->get_string().starts_with(prefix->get_string());
}

bool holds(const Term& term, const json::object& item) {
  const auto* attribute = item.if_contains(term.name);
  switch (term.kind) {
    case Term::Kind::exists:
      return attribute != nullptr;
    case Term::Kind::not_exists:
      return attribute == nullptr;
    case Term::Kind::equals:
      return attribute != nullptr && *attribute == term.value;
    case Term::Kind::begins_with:
      return attribute != nullptr && begins_with(*attribute, term.value);
  }
  return false;
}

}  // namespace

tl::expected<std::vector<Term>, ApiError> read_expression(std::string_view member, const json::object& body) {
  const auto* expression = body.if_contains(member);
  if (expression == nullptr) {
    if (!body.contains(kNames) && !body.contains(kValues)) return std::vector<Term>{};
    return refuse("ValidationException",
                  fmt::format("{} and {} are for expressions, and there is none", kNames, kValues));
  }
  ExpressionReader reader(expression->is_string() ? std::string_view(expression->get_string()) : "", body);
  reader.read();
  if (reader.failed.empty()) return std::move(reader.terms);
  return refuse("ValidationException", fmt::format("Invalid {}: {}", member, reader.failed));
}

bool holds(const std::vector<Term>& terms, const json::object& item) {
  return std::all_of(terms.begin(), terms.end(), [&](const Term& term) { return holds(term, item); });
}

}  // namespace lamplighter::simcloud
