// The table over the simulated cloud's DynamoDB (tests/coordination/ has it over moto's).
#include "coordination/dynamodb_table.h"

#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/session.h"
#include "simcloud/transport.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::coordination {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;

/// Sleeps by going on.
class QuickClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void sleep(Duration duration) override {
    const std::lock_guard lock(mutex_);
    now_ += duration;
  }

 private:
  mutable std::mutex mutex_;
  Time now_{std::chrono::seconds(1'800'000'000)};
};

aws::SessionOptions options() {
  aws::SessionOptions options;
  options.region = "us-east-1";
  options.credentials = aws::Credentials{"a", "b", ""};
  return options;
}

/// A table of its own, and the way to it.
struct World {
  explicit World(const std::vector<std::string>& faults = {}, std::string sort_key = std::string(kSortKey))
      : cloud(spec(faults, std::move(sort_key))) {}

  static simcloud::CloudSpec spec(const std::vector<std::string>& faults, std::string sort_key) {
    simcloud::CloudSpec spec;
    spec.tables = {{"leases", std::string(kPartitionKey), std::move(sort_key)}};
    for (const auto& fault : faults) spec.faults.push_back(simcloud::parse_fault(fault).value());
    return spec;
  }

  aws::FakeHost host;
  QuickClock clock;
  simcloud::Cloud cloud;
  simcloud::Transport transport{cloud, clock, 1};
  std::unique_ptr<aws::Session> session = aws::Session::make(options(), host, transport, clock).value();
  DynamoDbTable table{*session, {"us-east-1", "", {}}, "leases"};
};

TEST(DynamoDbTable, AVersionIsReplacedOnce) {
  World world;
  EXPECT_EQ(world.table.read("lease/f/dev").value().version, 0U);
  EXPECT_TRUE(world.table.replace("lease/f/dev", 0, "first").value());
  EXPECT_FALSE(world.table.replace("lease/f/dev", 0, "too late").value());
  EXPECT_FALSE(world.table.replace("lease/f/dev", 7, "of a version that never was").value());
  EXPECT_FALSE(world.table.replace("lease/f/prod", 7, "nor this").value());
  EXPECT_TRUE(world.table.replace("lease/f/dev", 1, "").value());
  EXPECT_FALSE(world.table.replace("lease/f/dev", 1, "too late").value());
  const auto item = world.table.read("lease/f/dev").value();
  EXPECT_EQ(item.version, 2U);
  EXPECT_EQ(item.text, "");
}

TEST(DynamoDbTable, ListsByPrefixWhateverTheNamesHold) {
  World world;
  for (const char* key :
       {"lease/f g/dev", "lease/f g/a/b", "lease/f g/é #:\"", "lease/f/dev", "keep/f g/dev"})
    ASSERT_TRUE(world.table.replace(key, 0, key).value()) << key;
  EXPECT_THAT(world.table.list("lease/f g/").value(),
              ElementsAre(Key("lease/f g/a/b"), Key("lease/f g/dev"), Key("lease/f g/é #:\"")));
  EXPECT_THAT(world.table.list("lease/f g/a/").value(), ElementsAre(Key("lease/f g/a/b")));
  EXPECT_EQ(world.table.list("lease/f/").value().at("lease/f/dev").text, "lease/f/dev");
  EXPECT_EQ(world.table.list("lease/f/").value().at("lease/f/dev").version, 1U);
  EXPECT_THAT(world.table.list("lease/g/").value(), IsEmpty());
  EXPECT_EQ(world.table.list("lease/f").error().code, "InvalidPrefix");
}

TEST(DynamoDbTable, ListsMoreThanAPage) {
  World world;
  const std::string text(300'000, 'x');
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(world.table.replace(fmt::format("lease/f/{}", i), 0, text).value());
  EXPECT_THAT(world.table.list("lease/f/").value(), SizeIs(10));
  EXPECT_EQ(world.session->counts().at("dynamodb:Query"), 3U);
}

TEST(DynamoDbTable, ALostAnswerIsAReplacementThatNobodyKnowsOf) {
  World world({"table-unanswered:leases*1"});
  EXPECT_FALSE(world.table.replace("lease/f/dev", 0, "mine").value()) << "the second try found the first's";
  EXPECT_EQ(world.table.read("lease/f/dev").value().text, "mine");
  EXPECT_EQ(world.session->counts().at("dynamodb:PutItem"), 2U);
}

TEST(DynamoDbTable, WhatPassesIsTriedAgain) {
  World world({"table-throttled:leases*2"});
  EXPECT_TRUE(world.table.replace("lease/f/dev", 0, "mine").value());
  World throttled({"table-throttled:leases"});
  EXPECT_EQ(throttled.table.read("lease/f/dev").error().code, "ProvisionedThroughputExceededException");
}

TEST(DynamoDbTable, AMissingTableOthersKeysAndARefusalAreSaid) {
  World missing({"table-missing:leases"});
  for (const Error& error :
       {missing.table.read("lease/f/dev").error(), missing.table.replace("lease/f/dev", 0, "").error(),
        missing.table.list("lease/f/").error()}) {
    EXPECT_EQ(error.kind, ErrorKind::aws);
    EXPECT_EQ(error.code, "ResourceNotFoundException");
    EXPECT_THAT(error.message, AllOf(HasSubstr("coordination table leases"), HasSubstr("in us-east-1"),
                                     HasSubstr(R"(partition key "scope" and the sort key "key")")));
  }
  World other({}, "id");
  for (const Error& error :
       {other.table.read("lease/f/dev").error(), other.table.replace("lease/f/dev", 0, "").error(),
        other.table.list("lease/f/").error()}) {
    EXPECT_EQ(error.code, "ValidationException");
    EXPECT_THAT(error.message, HasSubstr(R"(partition key "scope" and the sort key "key")"));
  }
  World denied({"table-denied:leases"});
  const auto error = denied.table.read("lease/f/dev").error();
  EXPECT_EQ(error.code, "AccessDeniedException");
  EXPECT_THAT(error.message, AllOf(HasSubstr("coordination table leases"), HasSubstr("dynamodb:GetItem")));
}

TEST(DynamoDbTable, AnItemThatCantBeRightIsAnError) {
  for (const char* version : {"0", "-1", "1.5", "x", ""}) {
    aws::FakeHost host;
    QuickClock clock;
    aws::FakeTransport transport;
    const auto session = aws::Session::make(options(), host, transport, clock).value();
    transport.answer(
        200, fmt::format(R"({{"Item": {{"key": {{"S": "k/f/e"}}, "version": {{"N": "{}"}}}}}})", version));
    EXPECT_EQ(DynamoDbTable(*session, {}, "leases").read("k/f/e").error().code, "InvalidItem") << version;
  }
}

TEST(DynamoDbTable, OfManyThatReplaceAVersionOneWins) {
  World world;
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int won = 0; won < kEach;) {
        const auto item = world.table.read("k/f/e").value();
        if (world.table.replace("k/f/e", item.version, item.text + "x").value()) ++won;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(world.table.read("k/f/e").value().version, kThreads * kEach);
  EXPECT_EQ(world.table.read("k/f/e").value().text, std::string(kThreads * kEach, 'x'));
}

}  // namespace
}  // namespace lamplighter::coordination
