#include "json/writer.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.h"
#include "json/parser.h"
#include "tests/support/proof_length.h"

namespace lamplighter {
namespace {

std::string of(double number) { return json_text(json::value(number)); }

TEST(JsonText, HasNoWhiteSpaceAndKeepsOrder) {
  EXPECT_EQ(
      json_text(json::object{{"z", 1}, {"a", json::array{}}, {"b", json::array{1, "x", nullptr, true}}}),
      R"({"z":1,"a":[],"b":[1,"x",null,true]})");
  EXPECT_EQ(json_text(json::object{}), "{}");
}

TEST(JsonText, WritesNumbersAsJavaScriptDoes) {
  EXPECT_EQ(of(90.57), "90.57");
  EXPECT_EQ(of(0.1), "0.1");
  EXPECT_EQ(of(5.0), "5");
  EXPECT_EQ(of(-0.0), "0");
  EXPECT_EQ(of(1e21), "1e+21");
  EXPECT_EQ(of(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(of(1e-6), "0.000001");
  EXPECT_EQ(of(1e-7), "1e-7");
  EXPECT_EQ(of(5e-324), "5e-324");
  EXPECT_EQ(of(HUGE_VAL), "null");
  EXPECT_EQ(of(std::nan("")), "null");
  EXPECT_EQ(json_text(json::value(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(json_text(json::value(UINT64_MAX)), "18446744073709551615");
}

TEST(JsonText, EscapesWhatMustBe) {
  EXPECT_EQ(json_text(json::value("a\"\\\b\f\n\r\t\x01\x1f/é\x7f")),
            "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/é\x7f\"");
  EXPECT_EQ(json_text(json::object{{"a\"b", 1}}), R"({"a\"b":1})");
  EXPECT_EQ(json_text(json::value(json::string("\0", 1))), R"("\u0000")");
}

TEST(JsonText, PrettyKeepsOrder) {
  EXPECT_EQ(pretty({{"z", 1}, {"a", json::array{}}, {"b", json::array{1.5, "x"}}}),
            "{\n  \"z\": 1,\n  \"a\": [],\n  \"b\": [\n    1.5,\n    \"x\"\n  ]\n}\n");
}

/// Writes and reads the numbers, and says which came back as another one.
void expect_survival(const json::array& numbers) {
  const auto read = parse_json(json_text(numbers));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->as_array().size(), numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    ASSERT_EQ(read->as_array()[i].to_number<double>(), numbers[i].to_number<double>())
        << json_text(numbers[i]);
  }
}

/// `count` doubles that `draw` makes, a thousand at a time; more or fewer by LAMPLIGHTER_PROOF_LENGTH.
template <class Draw>
void expect_survival_of(std::size_t count, Draw draw) {
  for (std::size_t done = 0; done < proof_length(count); done += 1'000) {
    json::array numbers;
    while (numbers.size() < 1'000) {
      const double number = draw();
      if (std::isfinite(number)) numbers.emplace_back(number);
    }
    expect_survival(numbers);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(EveryDouble, SurvivesWithRandomBits) {
  Random random(1);
  expect_survival_of(1'000'000, [&] { return std::bit_cast<double>(random.next()); });
}

TEST(EveryDouble, SurvivesAsSubnormal) {
  Random random(2);
  expect_survival_of(100'000, [&] { return std::bit_cast<double>(random.below(std::uint64_t{1} << 52U)); });
}

TEST(EveryDouble, SurvivesAsFractionOfEverydaySize) {
  Random random(3);
  expect_survival_of(100'000, [&] { return random.uniform(-1'000, 1'000); });
}

TEST(EveryDouble, SurvivesAsWholeNumberBeyond53Bits) {
  Random random(4);
  expect_survival_of(100'000, [&] { return std::ldexp(random.uniform(1, 2), 53 + int(random.below(40))); });
}

TEST(EveryDouble, SurvivesAtTheEdges) {
  using Limits = std::numeric_limits<double>;
  expect_survival({0.0, Limits::min(), Limits::denorm_min(), Limits::max(), Limits::lowest(),
                   Limits::epsilon(), 9007199254740993.0, 1e21, 1e-7, 999999999999999900000.0});
}

TEST(EveryInteger, SurvivesTo64Bits) {
  Random random(5);
  for (int i = 0; i < 1'000; ++i) {
    const json::array numbers{random.next(), static_cast<std::int64_t>(random.next())};
    const auto read = parse_json(json_text(numbers));
    ASSERT_EQ(read->as_array()[0].to_number<std::uint64_t>(), numbers[0].to_number<std::uint64_t>());
    ASSERT_EQ(read->as_array()[1].to_number<std::int64_t>(), numbers[1].to_number<std::int64_t>());
  }
}

}  // namespace
}  // namespace lamplighter
