#include "run/started_by.h"

#include <gtest/gtest.h>

#include "base/who.h"

namespace lamplighter::run {
namespace {

std::string words(const char* recorded, const std::string& input = "") {
  engine::Execution execution;
  execution.started_by = parse_json(recorded)->as_object();
  execution.input = input;
  return starter_of(execution);
}

TEST(StartedBy, SaysWhoInWords) {
  EXPECT_EQ(words(R"({"how":"command","user":"alice","host":"web1"})"), "alice@web1");
  EXPECT_EQ(words(R"({"how":"socket","user":"alice","uid":1000,"pid":4711,"host":"web1"})"),
            "alice@web1 (socket, process 4711)");
  EXPECT_EQ(words(R"({"how":"schedule","schedule":"weekday mornings"})"), "schedule weekday mornings");
  EXPECT_EQ(words(R"({"how":"api","key":"LAMPKEY"})"), "API key LAMPKEY");
  EXPECT_EQ(words(R"({"how":"api"})"), "somebody through the API");
  EXPECT_EQ(words("{}"), "");
  EXPECT_EQ(starter_of({}), "");
}

TEST(StartedBy, AnInputIsBelievedOnlyWhereNothingWasRecorded) {
  const std::string claim = R"({"occurrence":{"schedule":"nightly","due":"2026-11-27T06:00:00.000Z"}})";
  EXPECT_EQ(words("{}", claim), "schedule nightly");
  EXPECT_EQ(words(R"({"how":"api","key":"LAMPKEY"})", claim), "API key LAMPKEY");
  EXPECT_EQ(words(R"({"how":"socket","user":"eve"})", R"({"started_by":{"how":"command","user":"alice"}})"),
            "eve (socket)");
  EXPECT_EQ(words("{}", R"({"started_by":{"how":"command","user":"alice","host":"laptop"}})"),
            "alice@laptop");
}

TEST(StartedBy, ThisUserIsThisProcesss) {
  engine::Execution execution;
  execution.started_by = started_by_this_user();
  EXPECT_EQ(starter_of(execution), own_user_name() + "@" + host_name());
}

}  // namespace
}  // namespace lamplighter::run
