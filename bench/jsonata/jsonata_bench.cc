// jsonata_bench CASES.json DATA.json: nanoseconds of each case, a line of JSON each. `run` compares them with
// the reference implementation's on Node.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "json/writer.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/jsonata.h"

namespace {

namespace json = boost::json;
namespace jsonata = lamplighter::jsonata;
using Clock = std::chrono::steady_clock;

json::value read_json(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto parsed = jsonata::read_json_text(text);
  if (!parsed) throw std::runtime_error(path + (": " + parsed.error().message));
  return *std::move(parsed);
}

template <class Run>
double nanoseconds(std::size_t count, const Run& run) {
  const auto start = Clock::now();
  for (std::size_t i = 0; i < count; ++i) run();
  return static_cast<double>(std::chrono::nanoseconds(Clock::now() - start).count()) /
         static_cast<double>(count);
}

// The best of 15 rounds of about 20 ms each, after a warm-up: what other programs take of the machine only
// adds.
template <class Run>
double measure(const Run& run) {
  constexpr double kRound = 2e7;
  const double rough = nanoseconds(20, run);
  const auto count = static_cast<std::size_t>(std::max(1.0, kRound / rough));
  nanoseconds(count, run);
  double best = nanoseconds(count, run);
  for (int i = 1; i < 15; ++i) best = std::min(best, nanoseconds(count, run));
  return best;
}

double measure_case(const json::object& object, const json::object& data) {
  const std::string text(object.at("expr").as_string());
  const json::value& states = data.at(object.at("data").as_string());
  jsonata::Environment environment;
  environment.bindings.emplace("states", &states);
  const auto parsed = jsonata::Expression::parse(text);
  const auto evaluate = [&](const jsonata::Expression& expression) {
    if (!expression.evaluate(nullptr, environment).value()) throw std::runtime_error("no value: " + text);
  };
  if (object.at("parse").as_bool())
    return measure([&] { evaluate(jsonata::Expression::parse(text).value()); });
  return measure([&] { evaluate(*parsed); });
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: jsonata_bench CASES.json DATA.json\n";
    return 2;
  }
  try {
    const json::value cases = read_json(arguments[1]);
    const json::value data = read_json(arguments[2]);
    for (const json::value& object : cases.as_array()) {
      const double time = measure_case(object.as_object(), data.as_object());
      std::cout << lamplighter::json_text(json::object{{"name", object.at("name")}, {"nanoseconds", time}})
                << std::endl;
    }
  } catch (const std::exception& error) {
    std::cerr << "jsonata_bench: " << error.what() << '\n';
    return 2;
  }
}
