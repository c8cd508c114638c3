#include "json/reader.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

constexpr std::string_view kCode = "Bad";

const json::value kInput{{"text", "x"},
                         {"empty", ""},
                         {"number", 5},
                         {"whole", 3.0},
                         {"fraction", 90.57},
                         {"flag", true},
                         {"time", "2026-11-24T06:00:00.000Z"},
                         {"object", {{"number", 7}}},
                         {"phases", {{{"name", "db"}}, {{"name", 5}}}},
                         {"mixed", {{{"name", "db"}}, 1}},
                         {"texts", {"a", "b"}},
                         {"odd", {"a", ""}}};

Reader reader() { return *Reader::of(kInput, "input", kCode); }

template <class T>
std::string message(const Result<T>& result) {
  return result ? "" : result.error().message;
}

TEST(Reader, ReadsMembersByType) {
  EXPECT_EQ(*reader().text("text"), "x");
  EXPECT_EQ(*reader().text("empty"), "");
  EXPECT_EQ(*reader().whole_number("number"), 5);
  EXPECT_EQ(*reader().whole_number("whole", 1, 3), 3);
  EXPECT_TRUE(*reader().truth("flag"));
  EXPECT_EQ(format_time(*reader().time("time")), "2026-11-24T06:00:00.000Z");
  EXPECT_EQ(*reader().object("object")->whole_number("number"), 7);
  EXPECT_EQ(*reader().objects("phases")->front().text("name"), "db");
  EXPECT_EQ(reader().optional_objects("phases")->size(), 2U);
  EXPECT_EQ(*reader().optional_time("time"), *reader().time("time"));
  EXPECT_EQ(*reader().optional_count("number", 5), 5);
  EXPECT_EQ(*reader().optional_texts("texts"), (std::vector<std::string>{"a", "b"}));
}

TEST(Reader, WhatMayBeMissingIsEmpty) {
  EXPECT_EQ(*reader().optional_text("none"), "");
  EXPECT_TRUE(reader().optional_texts("none")->empty());
  EXPECT_TRUE(reader().optional_objects("none")->empty());
  EXPECT_EQ(*reader().optional_time("none"), std::nullopt);
  EXPECT_EQ(*reader().optional_time("empty"), std::nullopt);
  EXPECT_EQ(*reader().optional_count("none", 5), 0);
  EXPECT_EQ(reader().find("none"), nullptr);
}

TEST(Reader, SaysWhereWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(message(reader().text("none")), "input.none: found nothing, expected a text");
  EXPECT_EQ(message(reader().text("fraction")), "input.fraction: found 90.57, expected a text");
  EXPECT_EQ(message(reader().optional_text("flag")), "input.flag: found true, expected a text");
  EXPECT_EQ(message(reader().nonempty_text("empty")),
            "input.empty: found \"\", expected a text that is not empty");
  EXPECT_EQ(message(reader().whole_number("fraction")),
            "input.fraction: found 90.57, expected a whole number");
  EXPECT_EQ(message(reader().whole_number("number", 6, 9)),
            "input.number: found 5, expected a whole number from 6 to 9");
  EXPECT_EQ(message(reader().optional_count("number", 4)),
            "input.number: found 5, expected a whole number from 0 to 4");
  EXPECT_EQ(message(reader().optional_time("number")),
            "input.number: found 5, expected a time such as 2026-11-24T06:00:00.000Z");
  EXPECT_EQ(message(reader().truth("text")), "input.text: found \"x\", expected true or false");
  EXPECT_EQ(message(reader().time("text")),
            "input.text: found \"x\", expected a time such as 2026-11-24T06:00:00.000Z");
  EXPECT_EQ(message(reader().object("texts")), "input.texts: found a list, expected an object");
  EXPECT_EQ(message(reader().array("object")), "input.object: found an object, expected a list");
  EXPECT_EQ(message(Reader::of("x", "", kCode)), "found \"x\", expected an object");
  EXPECT_EQ(reader().text("none").error().code, kCode);
  EXPECT_EQ(reader().text("none").error().kind, ErrorKind::bad_input);
}

TEST(Reader, LocatesWhatIsWithinLists) {
  EXPECT_EQ(message(reader().objects("phases")->at(1).text("name")),
            "input.phases[1].name: found 5, expected a text");
  EXPECT_EQ(message(reader().objects("mixed")), "input.mixed[1]: found 1, expected an object");
  EXPECT_EQ(message(reader().optional_texts("odd")),
            "input.odd[1]: found \"\", expected a text that is not empty");
  const Result<int> whole = reader().objects("phases")->at(0).unexpected("more");
  EXPECT_EQ(message(whole), "input.phases[0]: found an object, expected more");
}

TEST(Reader, CutsLongTextsBetweenCharacters) {
  const std::string text = std::string(58, 'a') + "éé";
  const json::object object{{"t", text}};
  EXPECT_EQ(message(Reader(object, "", kCode).truth("t")),
            "t: found \"" + std::string(58, 'a') + "…, expected true or false");
}

}  // namespace
}  // namespace lamplighter
