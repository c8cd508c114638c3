// Which executions are in memory, and what their timers are.
#include "engine/runtime/images.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace lamplighter::engine {
namespace {

class ImagesTest : public ::testing::Test {
 protected:
  ImagesTest() {
    definition_ = *store_->put_definition(
        R"({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "Next": "B"}, "B": {"Type": "Succeed"}}})");
  }
  ~ImagesTest() override { std::filesystem::remove_all(directory_); }

  /// An execution that waits in A.
  std::int64_t add(const std::string& name, const std::string& input = "{}") {
    ExecutionRow row;
    row.arn = row.name = name;
    row.definition = definition_;
    row.id = *store_->add_execution(row);
    Image* image = *images_.create(row);
    const auto step = image->core.start(*read_payload(input), Time{});
    EXPECT_TRUE(store_->append(
        {row.id, image->chunks++, image->core.last_event_id(), 1, write_records(step.events)}));
    images_.weigh(*image);
    return row.id;
  }

  static std::filesystem::path empty_directory() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    auto path =
        std::filesystem::path(::testing::TempDir()) / fmt::format("images-{}-{}", ::getpid(), test->name());
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path;
  }

  std::filesystem::path directory_ = empty_directory();
  std::unique_ptr<Store> store_ = *Store::open(directory_ / "engine.db");
  Images images_{*store_, "us-east-1"};
  std::int64_t definition_ = 0;
};

TEST_F(ImagesTest, OneThatWasDroppedIsRebuiltAsItWas) {
  const auto id = add("a", R"({"n": 0.50})");
  const auto before = (*images_.load(id))->core.next_due(Time{});
  images_.drop_image(images_.record(id));
  EXPECT_EQ(images_.images(), 0U);
  const auto rebuilt = images_.load(id);
  ASSERT_TRUE(rebuilt) << rebuilt.error().message;
  EXPECT_EQ((*rebuilt)->core.next_due(Time{}), before);
  EXPECT_EQ((*rebuilt)->chunks, 1);
  const auto step = (*rebuilt)->core.pass_time(Time{Duration{60'000}});
  ASSERT_TRUE((*rebuilt)->core.outcome());
  EXPECT_EQ((*rebuilt)->core.outcome()->output, R"({"n": 0.50})");
}

TEST_F(ImagesTest, AHistoryThatCantBeReadIsAnErrorAndLeavesNoImage) {
  ExecutionRow row;
  row.arn = row.name = "empty";
  row.definition = definition_;
  const auto id = *store_->add_execution(row);
  EXPECT_EQ(images_.load(id).error().code, kDamaged);
  EXPECT_EQ(images_.images(), 0U);
  row.arn = row.name = "undefined";
  row.definition = 99;
  EXPECT_EQ(images_.load(*store_->add_execution(row)).error().code, kDamaged);
  EXPECT_EQ(images_.load(1'000).error().code, kDamaged) << "there is no such execution";
}

TEST_F(ImagesTest, WhatWasAcceptedOnceGoesOnByWhateverRulesThenStood) {
  for (
      const auto* accepted :
      {R"({"StartAt": "A", "Owner": "me", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}, "Lost": {"Type": "Succeed"}}})",
       R"({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}})",
       R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "Next": "B"},
            "B": {"Type": "Pass", "Output": ["{% foo.bar %}", "{% $states.result %}", "half {% open"], "Note": 1, "End": true}}})"}) {
    definition_ = *store_->put_definition(accepted);
    const auto id = add(accepted);
    images_.drop_image(images_.record(id));
    Images after_upgrade(*store_, "us-east-1");
    const auto image = after_upgrade.load(id);
    ASSERT_TRUE(image) << image.error().message;
    (*image)->core.proceed(Time{});
    EXPECT_EQ((*image)->core.next_due(Time{}), Time{Duration{60'000}});
  }
}

TEST_F(ImagesTest, WhatCantBeRunAtAllIsAnError) {
  for (
      const auto* broken :
      {"{", R"({"StartAt": "Z", "States": {"A": {"Type": "Succeed"}}})",
       R"({"StartAt": "A", "States": {"A": {"Type": "Wait", "End": true}}})",
       R"({"StartAt": "A", "States": {"A": {"Type": "Map", "End": true}}})",
       R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}})",
       R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% 1 + %}", "End": true}}})"}) {
    ExecutionRow row;
    row.arn = row.name = broken;
    row.definition = *store_->put_definition(broken);
    const auto image = images_.load(*store_->add_execution(row));
    ASSERT_FALSE(image) << broken;
    EXPECT_EQ(image.error().code, kDamaged);
  }
}

TEST_F(ImagesTest, TimersGoOffInTheirOrderAndOnlyAsTheyWereSetLast) {
  images_.set_due(1, 300);
  images_.set_due(2, 100);
  images_.set_due(3, 200);
  images_.set_due(2, 400);
  images_.set_due(3, 0);
  EXPECT_EQ(images_.next_due(), 300);
  EXPECT_EQ(images_.take_due(299), std::nullopt);
  EXPECT_EQ(images_.take_due(1'000), 1);
  images_.forget(2);
  EXPECT_EQ(images_.take_due(1'000), std::nullopt);
  EXPECT_EQ(images_.next_due(), 0);
}

TEST_F(ImagesTest, WhatIsLargeAndWasNotUsedForLongestIsDropped) {
  const std::string large = "\"" + std::string(250'000, 'x') + "\"";
  const auto first = add("first", large);
  std::vector<std::int64_t> others;
  for (int i = 0; i < 100; ++i) {
    others.push_back(add(std::to_string(i), large));
    ASSERT_TRUE(images_.load(first)) << "it is used all the time";
  }
  images_.shrink();
  EXPECT_LT(images_.images(), 50U);
  EXPECT_TRUE(images_.record(first).image);
  EXPECT_FALSE(images_.record(others.front()).image);
  EXPECT_TRUE(images_.record(others.back()).image);
  EXPECT_EQ(images_.count(), 101U) << "their records stay";
}

}  // namespace
}  // namespace lamplighter::engine
