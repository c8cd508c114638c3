// jsonata_conformance CASES.json DATASETS.json: runs the reference implementation's own cases. Prints the id
// of each case that fails and what it gave, and ends with "N passed, M failed". Exit code 1 where one failed,
// 2 where the files can't be read.
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "json/writer.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/jsonata.h"

namespace {

namespace json = boost::json;
namespace jsonata = lamplighter::jsonata;

json::value read_json(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto parsed = jsonata::read_json_text(text);
  if (!parsed) throw std::runtime_error(path + (": " + parsed.error().message));
  return *std::move(parsed);
}

bool same(const json::value& left, const json::value& right);

bool same_arrays(const json::array& left, const json::array& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!same(left[i], right[i])) return false;
  }
  return true;
}

bool same_objects(const json::object& left, const json::object& right) {
  if (left.size() != right.size()) return false;
  for (const auto& [key, value] : left) {
    const json::value* other = right.if_contains(key);
    if (other == nullptr || !same(value, *other)) return false;
  }
  return true;
}

// Numbers are equal where they are the same double, whatever their kind.
bool same(const json::value& left, const json::value& right) {
  if (left.is_number() && right.is_number()) return left.to_number<double>() == right.to_number<double>();
  if (left.is_array() && right.is_array()) return same_arrays(left.get_array(), right.get_array());
  if (left.is_object() && right.is_object()) return same_objects(left.get_object(), right.get_object());
  return left == right;
}

// The same items in whatever order.
bool same_multiset(const json::value& left, const json::value& right) {
  if (!left.is_array() || !right.is_array()) return same(left, right);
  std::vector<json::value> rest(right.get_array().begin(), right.get_array().end());
  for (const json::value& item : left.get_array()) {
    auto found = rest.begin();
    while (found != rest.end() && !same(item, *found)) ++found;
    if (found == rest.end()) return false;
    rest.erase(found);
  }
  return rest.empty();
}

struct Answer {
  std::optional<json::value> value;
  std::optional<jsonata::Error> error;
};

std::string shown(const Answer& answer) {
  if (answer.error)
    return answer.error->code + " " + answer.error->message + " (token " + answer.error->token + ")";
  if (!answer.value) return "undefined";
  return lamplighter::json_text(*answer.value).substr(0, 400);
}

class Case {
 public:
  Case(const json::object& object, const json::object& datasets) : object_(object) {
    if (const json::value* data = object.if_contains("data")) input_ = data;
    if (const json::value* name = object.if_contains("dataset"); name != nullptr && name->is_string()) {
      input_ = datasets.if_contains(name->get_string());
    }
  }

  [[nodiscard]] std::string id() const { return std::string(object_.at("id").as_string()); }

  [[nodiscard]] Answer run() const {
    const auto expression = jsonata::Expression::parse(object_.at("expr").as_string());
    if (!expression) return Answer{{}, expression.error()};
    auto result = expression->evaluate(input_, environment());
    if (!result) return Answer{{}, result.error()};
    return Answer{*std::move(result), {}};
  }

  [[nodiscard]] bool passes(const Answer& answer) const {
    const json::value* code = object_.if_contains("code");
    if (const json::value* error = object_.if_contains("error"); error != nullptr && code == nullptr) {
      code = error->as_object().if_contains("code");
    }
    if (code != nullptr) return answer.error && fails_as_wanted(*answer.error, *code);
    if (answer.error) return false;
    const json::value* wanted = object_.if_contains("result");
    if (wanted == nullptr) return !answer.value;
    if (!answer.value) return false;
    return object_.contains("unordered") ? same_multiset(*answer.value, *wanted)
                                         : same(*answer.value, *wanted);
  }

 private:
  [[nodiscard]] bool fails_as_wanted(const jsonata::Error& error, const json::value& code) const {
    const json::value* token = object_.if_contains("token");
    if (token != nullptr && token->is_string() && error.token != token->get_string()) return false;
    // The reference's test harness knows one code, U1001, for too deep and for too long.
    if (code == "U1001" && error.code == "U1002") return true;
    return code.is_string() && error.code == code.get_string();
  }

  [[nodiscard]] jsonata::Environment environment() const {
    jsonata::Environment environment;
    environment.now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    environment.seed = 42;
    environment.limits.steps = 0;
    environment.limits.bytes = std::size_t{2} << 30;
    if (const json::value* limit = object_.if_contains("timelimit")) {
      environment.limits.time = std::chrono::milliseconds(limit->to_number<std::int64_t>());
    }
    if (const json::value* limit = object_.if_contains("depth"))
      environment.limits.depth = limit->to_number<std::size_t>();
    if (const json::value* bindings = object_.if_contains("bindings");
        bindings != nullptr && bindings->is_object()) {
      for (const auto& [name, value] : bindings->get_object()) environment.bindings.emplace(name, &value);
    }
    return environment;
  }

  const json::object& object_;
  const json::value* input_ = nullptr;
};

int run_all(const json::array& cases, const json::object& datasets) {
  std::size_t passed = 0;
  for (const json::value& object : cases) {
    const Case test(object.as_object(), datasets);
    const Answer answer = test.run();
    if (test.passes(answer)) {
      ++passed;
    } else {
      std::cout << test.id() << ": " << shown(answer) << '\n';
    }
  }
  std::cout << passed << " passed, " << cases.size() - passed << " failed\n";
  return passed == cases.size() && passed > 0 ? 0 : 1;  // without a case nothing is proved
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: jsonata_conformance CASES.json DATASETS.json\n";
    return 2;
  }
  try {
    const json::value cases = read_json(arguments[1]);
    const json::value datasets = read_json(arguments[2]);
    return run_all(cases.as_array(), datasets.as_object());
  } catch (const std::exception& error) {
    std::cerr << "jsonata_conformance: " << error.what() << '\n';
    return 2;
  }
}
