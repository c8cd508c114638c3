#include "base/log.h"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(LogEvents, StandInTheirOrderUnderNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kLogEvents.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kLogEvents[i].event), i);
    EXPECT_EQ(kind_of(kLogEvents[i].event).name, kLogEvents[i].name);
    EXPECT_TRUE(names.insert(kLogEvents[i].name).second) << kLogEvents[i].name;
  }
}

/// docs/daemon.md has a table of them: | `name` | level | …
TEST(LogEvents, AreTheOnesThatTheDocumentLists) {
  std::ifstream file(LAMPLIGHTER_SOURCE_DIR "/docs/daemon.md");
  std::set<std::string> listed;
  const std::regex row(R"(\| `([a-z_]+)` \| (info|warning|error) \|.*)");
  for (std::string line; std::getline(file, line);) {
    if (std::smatch found; std::regex_match(line, found, row))
      listed.insert(found.str(1) + " " + found.str(2));
  }
  std::set<std::string> events;
  for (const LogEventKind& kind : kLogEvents) {
    events.insert(std::string(kind.name) + " " + std::string(to_string(kind.level)));
  }
  EXPECT_EQ(listed, events);
}

}  // namespace
}  // namespace lamplighter
