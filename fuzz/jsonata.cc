// Parses and evaluates what comes, under tight limits, over a document with a bit of everything. Fails where
// the library crashes, hangs, breaks a sanitizer's rule, or gives a value that Boost.JSON cannot write and
// read again.
#include "jsonata/jsonata.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <boost/json.hpp>

#include "json/parser.h"
#include "json/writer.h"
#include "jsonata/evaluate/json_text.h"

namespace {

namespace json = boost::json;
namespace jsonata = lamplighter::jsonata;

const json::value& document() {
  static const json::value value =
      lamplighter::parse_json(
          R"({"a":1,"b":[1,2.5,-3,"x",null,true,[],[[4]]],"c":{"d":"a😂b","e":{"f":[{"g":1,"h":"p"},{"g":2},{"h":"q"}]}},)"
          R"("text":"Hello, World 2018-05-03T17:22:10Z","0":"zero","":{"*":[]}})")
          .value();
  return value;
}

jsonata::Environment environment() {
  jsonata::Environment environment;
  environment.bindings.emplace("states", &document());
  environment.limits.steps = 20'000;
  environment.limits.time = std::chrono::milliseconds(500);
  environment.limits.bytes = std::size_t{8} << 20;
  return environment;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expression = jsonata::Expression::parse(text);
  if (!expression) return 0;
  const auto result = expression->evaluate(&document(), environment());
  if (!result || !*result) return 0;
  if (!jsonata::read_json_text(lamplighter::json_text(**result), 1000)) std::abort();
  return 0;
}
