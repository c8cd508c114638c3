#include "tasks/lookout.h"

#include <map>
#include <mutex>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/token_bucket.h"
#include "tasks/admit.h"
#include "tasks/look.h"
#include "tasks/reconcile.h"
#include "tasks/survey.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::SizeIs;

const aws::Target kHere{"us-east-1", ""};
const aws::Target kThere{"eu-west-1", ""};
constexpr Time kMorning{std::chrono::seconds{1'795'000'000}};

using Ids = std::vector<std::string>;

/// In front of the fake cloud: as quick or slow as EC2's rates allow, and dark in one region.
class Front final : public aws::Caller {
 public:
  Front(FakeCloud& cloud, const Clock& clock) : cloud_(cloud), clock_(clock) {}

  std::string dark_region;
  int refused = 0;  ///< for their rate

  Result<std::string> call(const aws::Target& target, std::string_view service, std::string_view action,
                           const aws::Parameters& parameters) override {
    const std::lock_guard lock(mutex_);
    if (target.region == dark_region) return fail(ErrorKind::aws, "ConnectionError", "dark");
    const bool starts = action == "StartInstances";
    auto& bucket =
        buckets_.try_emplace(std::string(action), starts ? 5.0 : 100.0, starts ? 2.0 : 20.0).first->second;
    if (!bucket.take(1, clock_.steady())) {
      ++refused;
      return fail(ErrorKind::aws, "RequestLimitExceeded", "Request limit exceeded.");
    }
    return cloud_.call(target, service, action, parameters);
  }
  [[nodiscard]] aws::CallCounts counts() const override { return {}; }

 private:
  FakeCloud& cloud_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, TokenBucket> buckets_;
};

class LookoutTest : public testing::Test {
 protected:
  /// So many servers; gives their ids.
  Ids add(int servers, const std::string& state) {
    Ids ids;
    for (int i = 0; i < servers; ++i)
      ids.push_back(cloud_.add(fmt::format("s{}", cloud_.servers.size()), state).id);
    return ids;
  }
  Look look(const Ids& ids, Action action = Action::start) {
    return look_at(context_, kHere, ids, action).value();
  }
  std::size_t calls(std::string_view action) { return cloud_.calls_of(action).size(); }

  ReconcilePayload phase(const Ids& ids, const std::string& name) {
    ReconcilePayload task;
    task.fleet = "wide";
    task.environment = name;
    task.phase = "db";
    task.region = kHere.region;
    task.members.first_states["stopped"] = ids;
    task.since = clock_.now();
    task.timeout = std::chrono::minutes{15};
    task.alarms = AlarmMatch::none;
    return task;
  }

  ManualClock clock_{kMorning};
  FakeCloud cloud_;
  Front front_{cloud_, clock_};
  Lookout lookout_{front_, clock_};
  Context context_{front_, clock_, false, &lookout_};
};

TEST_F(LookoutTest, OneSweepServesThePhasesThatLookAtTheSameMoment) {
  std::vector<Ids> phases;
  for (int i = 0; i < 50; ++i) {
    phases.push_back(add(2, "running"));
    lookout_.expect(kHere, phases.back(), true, std::chrono::seconds{3});
  }
  clock_.sleep(std::chrono::seconds{3});
  for (const auto& ids : phases) {
    const Look seen = look(ids);
    ASSERT_THAT(seen.servers, SizeIs(2));
    EXPECT_EQ(seen.servers[0].instance_status, "ok");
  }
  EXPECT_EQ(calls("DescribeInstances"), 1U);
  EXPECT_EQ(calls("DescribeInstanceStatus"), 1U);
}

TEST_F(LookoutTest, WhoLooksLaterIsNotAskedForYet) {
  const auto now = add(2, "running");
  const auto later = add(2, "running");
  lookout_.expect(kHere, later, true, std::chrono::seconds{30});
  look(now);
  clock_.sleep(std::chrono::seconds{30});
  look(later);
  EXPECT_EQ(calls("DescribeInstances"), 2U);
  EXPECT_EQ(cloud_.calls_of("DescribeInstanceStatus")[0].find(later[0]), std::string::npos);
}

TEST_F(LookoutTest, WhatThisProcessChangedIsLookedAtAgain) {
  const auto ids = add(2, "stopped");
  EXPECT_EQ(look(ids).servers[0].state(), "stopped");
  ASSERT_TRUE(
      lookout_.change_together(front_, kHere, Action::start, {ids[0]}, [](std::size_t) { return Status(); }));
  const Look seen = look(ids);
  EXPECT_EQ(seen.servers[0].state(), "pending");
  EXPECT_EQ(calls("DescribeInstances"), 2U);
}

TEST_F(LookoutTest, OneAccountsErrorIsNoOtherAccounts) {
  const auto ids = add(2, "running");
  front_.dark_region = kThere.region;
  lookout_.expect(kThere, ids, true, Duration::zero());
  EXPECT_EQ(look_at(context_, kThere, ids, Action::start).error().code, "ConnectionError");
  EXPECT_THAT(look(ids).servers, SizeIs(2));
}

TEST_F(LookoutTest, AnIdThatIsGoneFailsNobodyElsesLook) {
  const auto ids = add(3, "running");
  const Ids gone{"i-0123456789abcdef0"};
  lookout_.expect(kHere, gone, true, Duration::zero());
  EXPECT_THAT(look(ids).servers, SizeIs(3));
  const Look seen = look(gone);
  EXPECT_THAT(seen.servers, SizeIs(0));
  ASSERT_THAT(seen.missing, SizeIs(1));
  EXPECT_EQ(calls("DescribeInstances"), 1U) << "that it is gone is an answer";
}

TEST_F(LookoutTest, MoreLooksThanEc2LetsThroughAreNotRefused) {
  for (int i = 0; i < 300; ++i) look(add(1, "stopped"));
  EXPECT_EQ(front_.refused, 0);
  EXPECT_GT(clock_.steady(), kMorning + std::chrono::seconds{9}) << "100 at once, 20 a second";
}

TEST_F(LookoutTest, PhasesThatEc2sRateKeepsBackHaveTheirTurnAndAreNeverRefused) {
  std::vector<ReconcilePayload> waiting;
  for (int i = 0; i < 40; ++i) waiting.push_back(phase(add(1, "stopped"), fmt::format("env{}", i)));
  std::multimap<Time, ReconcilePayload> due;
  for (auto& task : waiting) due.emplace(kMorning, std::move(task));
  std::map<std::string, int> looks;
  while (!due.empty() && clock_.now() < kMorning + std::chrono::seconds{60}) {
    auto task = std::move(due.extract(due.begin()).mapped());
    // Each phase waits by itself: what one sleeps is not the others' time.
    const auto answer = reconcile(context_, task).value();
    ++looks[task.environment];
    const bool accepted = cloud_.with_id(task.members.ids().front())->state == "pending";
    if (!accepted) {
      task.memory = answer.memory;
      due.emplace(clock_.now() + std::chrono::seconds{answer.wait_seconds}, task);
    }
    if (!due.empty() && due.begin()->first > clock_.now()) clock_.set(due.begin()->first);
  }
  EXPECT_TRUE(due.empty()) << due.size() << " were never started";
  EXPECT_EQ(front_.refused, 0);
  EXPECT_EQ(calls("StartInstances"), 40U);
  EXPECT_LE(clock_.now(), kMorning + std::chrono::seconds{25}) << "EC2 takes 5 at once and 2 a second";
  for (const auto& [environment, count] : looks) EXPECT_LE(count, 3) << environment;
}

TEST_F(LookoutTest, MassDenialLeavesTheOthersTheirCalls) {
  const auto ids = add(50, "running");
  for (auto& server : cloud_.servers) {
    server.refusal = Error{ErrorKind::aws, "UnauthorizedOperation", "You may not stop " + server.id};
  }
  auto task = phase(ids, "dev");
  task.action = Action::stop;
  ASSERT_TRUE(reconcile(context_, task));
  EXPECT_LE(calls("StopInstances"), 17U);
}

TEST_F(LookoutTest, WhatTheSurveyFoundServesEveryAdmitAndItsFirstLook) {
  SurveyPayload survey_task;
  survey_task.fleet = "wide";
  for (int i = 0; i < 30; ++i) {
    const std::string name = cloud_.add(fmt::format("db{}", i), "running").tags["Name"];
    Selector selector;
    if (i % 2 == 0) {
      selector.names = {name};
    } else {
      selector.tags = {{{"Name", name}}};
    }
    survey_task.environments.push_back(
        {fmt::format("env{}", i), kHere.region, "", {{"db", selector, std::chrono::minutes{15}}}});
  }
  ASSERT_TRUE(survey(context_, survey_task));
  EXPECT_EQ(calls("DescribeInstances"), 16U) << "all names at once, each set of tags by itself";
  for (const auto& environment : survey_task.environments) {
    const auto admitted = admit(context_, {Action::start, "wide", environment, ""}).value();
    ASSERT_EQ(admitted.status, Admission::run) << admitted.reason;
    EXPECT_THAT(look(admitted.members.at("db").ids()).servers, SizeIs(1));
  }
  EXPECT_EQ(calls("DescribeInstances"), 16U);
}

/// As a phase stops one server: with others, and by itself where EC2 refuses them together. Gives the error.
std::string stop_one(aws::Caller& front, Lookout& lookout, const std::string& id) {
  const auto turn = [](std::size_t) { return Status(); };
  auto stopped = lookout.change_together(front, kHere, Action::stop, {id}, turn);
  if (!stopped && stopped.error().code == Lookout::kRefusedTogether) {
    stopped = lookout.change(front, kHere, Action::stop, {id}, turn);
  }
  return stopped ? "" : stopped.error().message;
}

TEST_F(LookoutTest, WhoIsRefusedAmongThreadsThatAskTogetherIsAlone) {
  SystemClock clock;
  Front front(cloud_, clock);
  Lookout lookout(front, clock);
  const auto ids = add(40, "running");
  cloud_.with_id(ids[7])->refusal = Error{ErrorKind::aws, "OperationNotPermitted", ids[7] + " is protected"};
  std::vector<std::string> errors(ids.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    threads.emplace_back([&, i] { errors[i] = stop_one(front, lookout, ids[i]); });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(errors[i], i == 7 ? ids[7] + " is protected" : "");
    EXPECT_EQ(cloud_.with_id(ids[i])->state, i == 7 ? "running" : "stopping");
  }
}

}  // namespace
}  // namespace lamplighter::tasks
