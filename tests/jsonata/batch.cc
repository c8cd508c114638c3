// jsonata_batch: reads lines of {"expr", "data", "bindings"} (data and bindings may be missing) and answers
// each with a line: {"value"}, {} for undefined, or {"code", "message", "position", "token"}. The
// differential test compares the answers with the reference implementation's.
#include <iostream>
#include <string>

#include "json/writer.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/jsonata.h"

namespace {

namespace json = boost::json;
namespace jsonata = lamplighter::jsonata;

json::object error_answer(const jsonata::Error& error) {
  return {
      {"code", error.code}, {"message", error.message}, {"position", error.position}, {"token", error.token}};
}

json::object answer(const json::object& query) {
  const auto expression = jsonata::Expression::parse(query.at("expr").as_string());
  if (!expression) return error_answer(expression.error());
  jsonata::Environment environment;
  if (const json::value* now = query.if_contains("now")) {
    environment.now = std::chrono::sys_time<std::chrono::milliseconds>(
        std::chrono::milliseconds(now->to_number<std::int64_t>()));
  }
  if (const json::value* bindings = query.if_contains("bindings")) {
    for (const auto& [name, value] : bindings->as_object()) environment.bindings.emplace(name, &value);
  }
  const auto result = expression->evaluate(query.if_contains("data"), environment);
  if (!result) return error_answer(result.error());
  json::object object;
  if (*result) object.emplace("value", **result);
  return object;
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  try {
    for (std::string line; std::getline(std::cin, line);) {
      const auto query = jsonata::read_json_text(line);
      if (!query) throw std::runtime_error(line + ": " + query.error().message);
      std::cout << lamplighter::json_text(answer(query->as_object())) << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << "jsonata_batch: " << error.what() << '\n';
    return 2;
  }
}
