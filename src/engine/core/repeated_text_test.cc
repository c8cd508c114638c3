#include "engine/core/repeated_text.h"

#include <gtest/gtest.h>

namespace lamplighter::engine {
namespace {

/// Writes the texts and reads them again; gives how many bytes they took.
std::size_t round_trip(const std::vector<std::string>& texts) {
  RepeatedTexts writer;
  std::string written = "[";
  for (const auto& text : texts) {
    if (written.size() > 1) written += ',';
    writer.write(written, text);
  }
  auto values = parse_json(written + "]");
  EXPECT_TRUE(values) << written;
  RepeatedTexts reader;
  for (std::size_t i = 0; values && i < texts.size(); ++i) {
    const auto text = reader.read(values->at(i));
    EXPECT_TRUE(text && *text == texts[i]) << i;
  }
  return written.size();
}

std::string long_text(char letter, const std::string& middle = "") {
  return std::string(1'000, letter) + middle + std::string(1'000, letter);
}

TEST(RepeatedTexts, WhatIsTheSameIsKeptOnce) {
  EXPECT_LT(round_trip({long_text('a'), long_text('a'), long_text('a')}), 2'100U);
}

TEST(RepeatedTexts, WhatIsTheSameIsSharedAgain) {
  const auto text = std::make_shared<const std::string>(long_text('a'));
  RepeatedTexts writer;
  std::string written = "[";
  writer.write(written, text);
  written += ',';
  writer.write(written, text);
  const auto values = *parse_json(written + "]");
  RepeatedTexts reader;
  const auto first = reader.read(values.at(0));
  EXPECT_EQ(reader.read(values.at(1)), first) << "a history of one large text is not many of them in memory";
}

TEST(RepeatedTexts, OnlyWhatIsNewIsKept) {
  EXPECT_LT(round_trip({long_text('a', "1"), long_text('a', "2"), long_text('a', "10"), long_text('a')}),
            2'100U);
  EXPECT_LT(round_trip({long_text('a'), long_text('a') + "x", "x" + long_text('a'), long_text('a', "aa")}),
            2'200U);
}

TEST(RepeatedTexts, SeveralTextsMayTakeTurns) {
  std::vector<std::string> texts;
  for (int i = 0; i < 20; ++i) {
    for (const char letter : {'a', 'b', 'c', 'd'}) texts.push_back(long_text(letter));
  }
  EXPECT_LT(round_trip(texts), 10'000U);
}

TEST(RepeatedTexts, ACharacterIsNeverCut) {
  // ä, Ä and ö share their first or their last byte; 😀 and 😄 their first three.
  round_trip({long_text('a', "ä"), long_text('a', "Ä"), long_text('a', "ö"), long_text('a', "😀"),
              long_text('a', "😄"), long_text('a', "äö"), long_text('a', "öä")});
}

TEST(RepeatedTexts, ShortAndStrangeTextsStayAsTheyAre) {
  round_trip({"", "a", R"({"quoted":"\"\\"})", long_text('"'), long_text('\\', "\n"), "", long_text('"')});
}

TEST(RepeatedTexts, WhatWasNeverWrittenIsRefused) {
  RepeatedTexts reader;
  json::value first(long_text('a'));
  ASSERT_TRUE(reader.read(first));
  for (const auto* text :
       {"null", "1", "{}", "[]", R"([1,0,"",0])", R"([0,3000,"",0])", R"([0,0,"",3000])", R"([0,0,1,0])"}) {
    auto value = *parse_json(text);
    EXPECT_FALSE(reader.read(value)) << text;
  }
}

}  // namespace
}  // namespace lamplighter::engine
