// Whether the engine's thread comes round and can write, and what is under way: for whoever watches over it.
#include <future>

#include <gmock/gmock.h>

#include "tests/support/engine_fixture.h"
#include "tests/support/faulty_disk.h"

namespace lamplighter::engine {
namespace {

class PingTest : public EngineTest {
 protected:
  Status ping(bool write) {
    std::promise<Status> answered;
    engine_->ping(write, [&](const Status& status) { answered.set_value(status); });
    auto answer = answered.get_future();
    EXPECT_EQ(answer.wait_for(20s), std::future_status::ready);
    return answer.get();
  }
};

TEST_F(PingTest, SaysWhetherTheDatabaseCanBeWrittenOnceItIsAskedTo) {
  std::vector<std::string> troubles;  // told on the engine's thread, before the answers
  std::promise<std::string> well;
  options_.trouble = [&](const std::string& text) { troubles.push_back(text); };
  options_.well_again = [&](const std::string& text) { well.set_value(text); };
  options_.calm = 200ms;
  open();
  EXPECT_TRUE(ping(true));
  FaultyDisk disk;
  disk.fill_up();
  EXPECT_TRUE(ping(false));
  const Status full = ping(true);
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, testing::HasSubstr("full"));
  for (int i = 0; i < 3; ++i) {  // what is small still finds room now and then
    disk.repair();
    EXPECT_TRUE(ping(true));
    disk.fill_up();
    EXPECT_FALSE(ping(true));
  }
  disk.repair();
  EXPECT_TRUE(ping(true));
  auto told = well.get_future();
  ASSERT_EQ(told.wait_for(20s), std::future_status::ready) << "also where nothing runs";
  EXPECT_THAT(told.get(), testing::HasSubstr("can be written again"));
  EXPECT_THAT(troubles, testing::ElementsAre(testing::HasSubstr("can't be written"))) << "said once";
}

TEST_F(PingTest, AnEngineThatHangsDoesNotAnswer) {
  open();
  std::promise<void> let_go;
  const auto held = let_go.get_future().share();
  const Subscription hang = engine_->subscribe([held](const Appended&) { held.wait(); });
  std::thread starter([&] { start(make(kLongWait)); });
  std::promise<void> answered;
  auto answer = answered.get_future();
  // Its first round may come before the start's.
  std::this_thread::sleep_for(50ms);
  engine_->ping(false, [&](const Status&) { answered.set_value(); });
  EXPECT_EQ(answer.wait_for(100ms), std::future_status::timeout);
  let_go.set_value();
  EXPECT_EQ(answer.wait_for(20s), std::future_status::ready);
  starter.join();
}

TEST_F(PingTest, CountsWhatRunsAndWhatWaitsForAWorker) {
  open();
  EXPECT_EQ(engine_->load().executions, 0U);
  std::promise<void> let_go;
  const auto held = let_go.get_future().share();
  tasks_.body = [held](const TaskRequest&) -> TaskResult {
    held.wait();
    return make_payload(json::object{});
  };
  const auto machine = make(kTask);
  std::vector<std::string> arns;
  for (const char* name : {"a", "b", "c"}) arns.push_back(start(machine, name));
  EXPECT_TRUE(becomes([&] {
    const Load load = engine_->load();
    return load.executions == 3 && load.tasks_active == 2 && load.tasks_waiting == 1;
  }));
  let_go.set_value();
  for (const auto& arn : arns) end_of(arn);
  EXPECT_TRUE(becomes([&] { return engine_->load().executions == 0 && engine_->load().tasks_active == 0; }));
}

}  // namespace
}  // namespace lamplighter::engine
