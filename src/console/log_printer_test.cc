#include "console/log_printer.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "json/json.h"

namespace lamplighter::console {
namespace {

using testing::HasSubstr;

const Time kNow = *parse_time("2026-11-27T06:00:00.250Z");

TEST(LogLine, IsTheMessageForPeople) {
  EXPECT_EQ(log_line(LogFormat::text, {LogEvent::listening, "here"}, kNow), "here");
  EXPECT_EQ(log_line(LogFormat::text, {LogEvent::store_trouble, "the disk is full"}, kNow),
            "lamplighter: the disk is full");
}

TEST(LogLine, IsOneObjectForPrograms) {
  EXPECT_EQ(
      log_line(LogFormat::json, {LogEvent::environment_halted, "no answer", "start-1", "f", "dev"}, kNow),
      R"({"time":"2026-11-27T06:00:00.250Z","level":"error","event":"environment_halted",)"
      R"("execution":"start-1","fleet":"f","environment":"dev","message":"no answer"})");
}

/// Names and messages come from outside.
TEST(LogLine, IsOneLineWhateverItsPartsHold) {
  const LogEntry hostile{LogEvent::execution_started, "a\n{\"event\":\"b\"}\x1b[2J\xff\u202e", "e\r\nx"};
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    const std::string line = log_line(format, hostile, kNow);
    for (const char bad : {'\n', '\r', '\x1b', '\xff'}) EXPECT_EQ(line.find(bad), std::string::npos);
    EXPECT_EQ(line.find("\u202e"), std::string::npos);
  }
  const auto read = parse_json(log_line(LogFormat::json, hostile, kNow));
  ASSERT_TRUE(read);
  EXPECT_EQ(get_string(*read, "event"), "execution_started");
  EXPECT_EQ(get_string(*read, "execution"), "e\r\nx");
}

std::string read_all(std::FILE* file) {
  std::rewind(file);
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  return text;
}

TEST(LogPrinter, WritesWhatWentWellAndWhatDidNotToTheirStreams) {
  std::FILE* out = std::tmpfile();
  std::FILE* err = std::tmpfile();
  ManualClock clock(kNow);
  {
    LogPrinter log(LogFormat::text, clock, out, err);
    log.write({LogEvent::listening, "one"});
    log.write({LogEvent::listening, "two"});
    log.write({LogEvent::store_trouble, "three"});
  }
  EXPECT_EQ(read_all(out), "one\ntwo\n");
  EXPECT_EQ(read_all(err), "lamplighter: three\n");
  std::fclose(out);
  std::fclose(err);
}

/// Its reader hangs: whoever has something to say goes on, and what is lost is counted.
TEST(LogPrinter, HoldsNobodyUp) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::FILE* pipe = ::fdopen(ends[1], "w");
  ManualClock clock(kNow);
  {
    LogPrinter log(LogFormat::json, clock, pipe, pipe);
    const std::string message(200, 'x');
    for (std::size_t i = 0; i < 2 * LogPrinter::kMostWaiting; ++i) log.write({LogEvent::listening, message});
  }
  // Whoever reads at last, reads whole lines.
  std::string text(64, '\0');
  ASSERT_GT(::read(ends[0], text.data(), text.size()), 0);
  EXPECT_THAT(text, HasSubstr("{\"time\":"));
  ::close(ends[0]);  // the thread, which writes still, is told so: EPIPE
}

}  // namespace
}  // namespace lamplighter::console
