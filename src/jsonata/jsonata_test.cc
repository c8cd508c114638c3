#include "jsonata/jsonata.h"

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parser.h"
#include "json/writer.h"
#include "jsonata/evaluate/json_text.h"

namespace lamplighter::jsonata {
namespace {

Result<std::optional<json::value>> run(std::string_view text, const json::value* input = nullptr,
                                       const Environment& environment = {}) {
  const auto expression = Expression::parse(text);
  if (!expression) return tl::unexpected(expression.error());
  return expression->evaluate(input, environment);
}

// The value as JSON text, "undefined", or the error's code.
std::string answer(std::string_view text, const json::value* input = nullptr,
                   const Environment& environment = {}) {
  const auto result = run(text, input, environment);
  if (!result) return result.error().code;
  return *result ? json_text(**result) : "undefined";
}

Error error_of(std::string_view text) {
  const auto result = run(text);
  return result ? Error{} : result.error();
}

Environment with_limits(const Limits& limits) {
  Environment environment;
  environment.limits = limits;
  return environment;
}

TEST(Jsonata, EvaluatesAConditionOfAStateMachine) {
  const json::value states = parse_json(R"({"input":{"status":"waiting","attempt":3}})").value();
  Environment environment;
  environment.bindings.emplace("states", &states);
  EXPECT_EQ(answer("$states.input.status = 'waiting' and $states.input.attempt < 20", nullptr, environment),
            "true");
}

TEST(Jsonata, TellsUndefinedFromNull) {
  const json::value input = parse_json(R"({"a":null})").value();
  EXPECT_EQ(answer("a", &input), "null");
  EXPECT_EQ(answer("b", &input), "undefined");
}

TEST(Jsonata, BindingsHideBuiltInFunctions) {
  const json::value five = 5;
  Environment environment;
  environment.bindings.emplace("sum", &five);
  EXPECT_EQ(answer("$sum", nullptr, environment), "5");
}

TEST(Jsonata, GivesWholeNumbersAsIntegers) {
  EXPECT_EQ(answer("[1.0, 2.5, 1e15, -0]"), "[1,2.5,1000000000000000,0]");
  EXPECT_TRUE((**run("4 / 2")).is_int64());
}

TEST(Jsonata, ErrorsNameCodeMessagePositionAndToken) {
  const Error error = error_of("1 + 'a'");
  EXPECT_EQ(error.code, "T2002");
  EXPECT_EQ(error.message, "\"+\" needs a number on its right");
  EXPECT_EQ(error.position, 3U);
  EXPECT_EQ(error.token, "+");
}

TEST(Jsonata, PositionsCountUtf16Units) { EXPECT_EQ(error_of("\"\U0001F602é\" & (1 + 'a')").position, 12U); }

TEST(Jsonata, OneExpressionServesManyThreads) {
  const auto expression =
      Expression::parse("$sum(rows.v) & '-' & $join(rows.k, ',') & $replace('abc', /b/, 'x')");
  ASSERT_TRUE(expression);
  const json::value input = parse_json(R"({"rows":[{"k":"a","v":1},{"k":"b","v":2}]})").value();
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  threads.reserve(good.size());
  for (int& count : good) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const auto result = expression->evaluate(&input, {});
        if (result && *result && **result == "3-a,baxc") ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(good, testing::Each(200));
}

TEST(Jsonata, LeavesItsInputAlone) {
  const json::value input = parse_json(R"({"a":{"b":1}})").value();
  EXPECT_EQ(answer("$ ~> |a|{'b': 2, 'c': 3}|", &input), R"({"a":{"b":2,"c":3}})");
  EXPECT_EQ(json_text(input), R"({"a":{"b":1}})");
}

TEST(Jsonata, ResultsOutliveInputAndExpression) {
  std::optional<json::value> result;
  {
    const json::value input = parse_json(R"({"a":[{"b":"a long enough text to be allocated"}]})").value();
    result = *run("a[0]", &input);
  }
  EXPECT_EQ(json_text(*result), R"({"b":"a long enough text to be allocated"})");
}

TEST(Jsonata, HasNoEval) { EXPECT_EQ(answer("$eval('1')"), "T1006"); }

TEST(Jsonata, ReadsTheClockOfItsEnvironment) {
  Environment environment;
  environment.now =
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(1510067557121));
  EXPECT_EQ(answer("$now()", nullptr, environment), "\"2017-11-07T15:12:37.121Z\"");
  EXPECT_EQ(answer("$millis()", nullptr, environment), "1510067557121");
}

// --- Step Functions' own functions
// ----------------------------------------------------------------------------

TEST(StepFunctions, PartitionCutsIntoChunks) {
  EXPECT_EQ(answer("$partition([1,2,3,4,5], 2)"), "[[1,2],[3,4],[5]]");
  EXPECT_EQ(answer("$partition([0], 3)"), "[[0]]");
  EXPECT_EQ(answer("$partition([1], 0)"), "T0410");
}

TEST(StepFunctions, RangeIncludesItsEnd) {
  EXPECT_EQ(answer("$range(1, 9, 2)"), "[1,3,5,7,9]");
  EXPECT_EQ(answer("$range(3, 1, -1)"), "[3,2,1]");
  EXPECT_EQ(answer("$range(-1.7, 2, 1)"), "[-1,0,1,2]");
  EXPECT_EQ(answer("$range(1, 9, 9)"), "1");
  EXPECT_EQ(answer("[$range(1, 9, 9)]"), "[1]");
  EXPECT_EQ(answer("$count($range(5, 1, 1))"), "0");
  EXPECT_EQ(answer("$range(1, 3, 0)"), "T0410");
  EXPECT_EQ(answer("$range(1, 1000000000, 1)"), "D2014");
}

TEST(StepFunctions, HashesAreHexadecimal) {
  EXPECT_EQ(answer("$hash('input data', 'SHA-1')"), "\"aaff4a450a104cd177d28d18d74485e8cae074b7\"");
  EXPECT_EQ(answer("$hash('', 'MD5')"), "\"d41d8cd98f00b204e9800998ecf8427e\"");
  EXPECT_EQ(
      answer(
          "$length($hash('a', 'SHA-256')) & $length($hash('a', 'SHA-384')) & $length($hash('a', 'SHA-512'))"),
      "\"6496128\"");
  EXPECT_EQ(answer("$hash('a', 'CRC')"), "T0410");
}

TEST(StepFunctions, SeededRandomIsThatOfJava) {
  EXPECT_EQ(answer("$string($random(42)) = $string(0.7275636800328681)"), "true");
  EXPECT_EQ(answer("$random(0) = 0.730967787376657"), "true");
  EXPECT_EQ(answer("$random() >= 0 and $random() < 1"), "true");
}

TEST(StepFunctions, RandomFollowsTheSeedOfTheEnvironment) {
  Environment one;
  one.seed = 1;
  Environment two;
  two.seed = 2;
  EXPECT_EQ(answer("$random()", nullptr, one), answer("$random()", nullptr, one));
  EXPECT_NE(answer("$uuid()", nullptr, one), answer("$uuid()", nullptr, two));
  EXPECT_EQ(
      answer("$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)"),
      "true");
}

TEST(StepFunctions, ParseReadsJson) {
  EXPECT_EQ(answer(R"($parse('{"a":[1,{"b":null}]}').a[1])"), R"({"b":null})");
  EXPECT_EQ(answer("$parse('-0')"), "0");
  EXPECT_EQ(answer("$parse('[1,')"), "D3121");
  EXPECT_EQ(answer("$parse($pad('', 400, '['))"), "D3121");
}

// --- hostile input
// --------------------------------------------------------------------------------------------

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(Limits, DepthOfTheExpression) {
  EXPECT_EQ(answer(repeated("(", 100'000)), "U1001");
  EXPECT_EQ(answer(repeated("[", 100'000)), "U1001");
  EXPECT_EQ(answer(repeated("{'a':", 100'000)), "U1001");
  EXPECT_EQ(answer(repeated("-", 100'000)), "U1001");
  EXPECT_EQ(answer(repeated("a.", 100'000) + "a"), "U1001");
  EXPECT_EQ(answer("a" + repeated("[a", 100'000)), "U1001");
  EXPECT_EQ(answer("1" + repeated(" + 1", 300)), "301");
}

TEST(Limits, DepthOfTheEvaluation) {
  EXPECT_EQ(answer("($f := function($n) { 1 + $f($n + 1) }; $f(0))"), "U1001");
  EXPECT_EQ(answer("($f := function($n) { $map([1], function() { $f($n + 1) & '' }) }; $f(0))"), "U1001");
  EXPECT_EQ(answer("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(100))"), "100");
  EXPECT_EQ(answer("($c := function($f, $n) { $n = 0 ? $f : $c($f ~> $string, $n - 1) }; $g := $c($string, "
                   "10000); $g(1))"),
            "U1001");
}

TEST(Limits, TailCallsRunInConstantStack) {
  EXPECT_EQ(answer("($f := function($n) { $n = 0 ? 'done' : $f($n - 1) }; $f(100000))"), "\"done\"");
  EXPECT_EQ(answer("($f := function($n) { $n = 0 ? 'done' : ($x := $n; $f($x - 1)) }; $f(100000))"),
            "\"done\"");
}

TEST(Limits, DepthOfValues) {
  const std::string deep =
      "$f := function($x, $n) { $n = 0 ? $x : $f({'a': $x}, $n - 1) }; $d := $f(1, 100000);";
  EXPECT_EQ(answer("(" + deep + "$d)"), "U1001");
  EXPECT_EQ(answer("(" + deep + "$string($d))"), "U1001");
  EXPECT_EQ(answer("(" + deep + "$d = $f(1, 100000))"), "U1001");
  EXPECT_EQ(answer("(" + deep + "$d.**)"), "U1001");
  EXPECT_EQ(answer("(" + deep + "$d ~> |$|{}|)"), "U1001");
  EXPECT_EQ(answer("(" + deep + "$count($d))"), "1");
}

TEST(Limits, CyclesMadeByATransform) {
  const json::value input = parse_json(R"({"a":{"b":1}})").value();
  EXPECT_EQ(answer("$ ~> |a|{'self': $}|", &input), "U1001");
}

TEST(Limits, Steps) {
  Limits limits;
  limits.steps = 10'000;
  EXPECT_EQ(answer("($f := function() { $f() }; $f())", nullptr, with_limits(limits)), "U1003");
}

TEST(Limits, Time) {
  Limits limits;
  limits.steps = 0;
  limits.time = std::chrono::milliseconds(50);
  EXPECT_EQ(answer("($f := function() { $f() }; $f())", nullptr, with_limits(limits)), "U1002");
  EXPECT_EQ(answer("$distinct([1..3000].{'a': $})", nullptr, with_limits(limits)), "U1002");
}

TEST(Limits, Bytes) {
  Limits limits;
  limits.bytes = 1 << 20;
  const Environment environment = with_limits(limits);
  EXPECT_EQ(answer("$pad('a', 1e12)", nullptr, environment), "U1004");
  EXPECT_EQ(answer("($f := function($s) { $f($s & $s) }; $f('abcd'))", nullptr, environment), "U1004");
  EXPECT_EQ(answer("$append([1..1000000], 1)", nullptr, environment), "U1004");
  EXPECT_EQ(answer("$replace($pad('a', 10000, 'a'), 'a', $pad('b', 10000, 'b'))", nullptr, environment),
            "U1004");
  EXPECT_EQ(answer("[1..1000000]", nullptr, environment), "U1004");
  EXPECT_EQ(answer("$count([1..10000000])", nullptr, environment), "10000000");
  EXPECT_EQ(answer("$fromMillis(0, '[Y,1000000000]')", nullptr, environment), "U1004");
  EXPECT_EQ(answer("$formatInteger(1e300, 'I')", nullptr, environment), "U1004");
}

TEST(Limits, ValuesThatShareTheirPartsDoNotExplode) {
  const std::string doubling = "($f := function($x, $n) { $n = 0 ? $x : $f({'l': $x, 'r': $x}, $n - 1) }; ";
  EXPECT_EQ(answer(doubling + "$string($f(1, 60)))"), "U1004");
  EXPECT_EQ(answer(doubling + "$f(1, 60))"), "U1004");
}

TEST(Limits, RegularExpressions) {
  EXPECT_EQ(answer("$contains($pad('a', 40, 'a') & 'b', /^(a+)+$/)"), "U1005");
  EXPECT_EQ(answer("$match('abc', /x*/)"), "D1004");
  EXPECT_EQ(answer("/(/"), "S0302");
  EXPECT_EQ(answer("/a**/"), "S0303");
}

TEST(Robustness, AnyBytesAreAnsweredWithAnError) {
  EXPECT_EQ(answer(std::string_view("\0", 1)), "undefined");  // a name, to JavaScript
  EXPECT_EQ(answer("\xFF\xFE("), "S0203");
  EXPECT_EQ(answer("'\xED\xA0\x80' & '\xF0\x9F'").substr(0, 1), "\"");
  EXPECT_EQ(answer(""), "S0207");
}

TEST(ReadJsonText, KeepsLoneSurrogates) {
  EXPECT_EQ(read_json_text(R"("\ud83d\ude02")")->as_string(), "\U0001F602");
  EXPECT_EQ(read_json_text(R"("\ud83d")")->as_string(), "\xED\xA0\xBD");
}

}  // namespace
}  // namespace lamplighter::jsonata
