// What the engine makes of damage, and of a disk that fills up or fails.
#include <mutex>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/runtime/export.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/faulty_disk.h"

namespace lamplighter::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DurabilityTest : public EngineTest {
 protected:
  /// Keeps what the operator is told.
  DurabilityTest() {
    options_.trouble = [this](const std::string& text) {
      const std::lock_guard lock(mutex_);
      troubles_.push_back(text);
    };
    options_.well_again = options_.trouble;
    options_.calm = 300ms;
  }

  std::vector<std::string> troubles() {
    const std::lock_guard lock(mutex_);
    return troubles_;
  }

  /// Changes the database while no engine has it.
  void sql(const std::string& statement) {
    engine_.reset();
    SQLite::Database other(database().string(), SQLite::OPEN_READWRITE);
    EXPECT_GT(other.exec(statement), 0) << statement;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> troubles_;
};

/// What is done to the history of the execution with id 2 while no engine runs.
class DamagedHistoryTest : public DurabilityTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(DamagedHistoryTest, FailsThatExecutionAndNoOther) {
  open();
  const auto machine = make(kWait);
  const auto before = start(machine, "before");
  const auto damaged = start(machine, "damaged");
  const auto after = start(machine, "after");
  sql(GetParam());
  open();
  ASSERT_TRUE(engine_->resume());
  const auto ended = end_of(damaged);
  EXPECT_EQ(ended.status, ExecutionStatus::failed);
  EXPECT_TRUE(ended.cause);
  EXPECT_EQ(end_of(before).status, ExecutionStatus::succeeded);
  EXPECT_EQ(end_of(after).status, ExecutionStatus::succeeded);
  EXPECT_EQ(end_of(start(machine, "later")).status, ExecutionStatus::succeeded) << "new ones exist";
  EXPECT_THAT(names(), ElementsAre("later", "after", "damaged", "before"));
  const auto listed = engine_->list_executions({"", {}, 10, ""})->items.at(2);
  EXPECT_EQ(listed.status, ExecutionStatus::failed);
  EXPECT_TRUE(listed.cause) << "the list says why";
  EXPECT_THAT(troubles(), ElementsAre(HasSubstr("damaged")));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DamagedHistoryTest,
    ::testing::Values(
        "UPDATE history SET records = substr(records, 1, 50) WHERE id = 2097152",
        "UPDATE history SET records = 0 WHERE id = 2097152",
        "UPDATE history SET records = (SELECT records FROM history WHERE id = 1048576), last_event = 9 "
        "WHERE id = 2097152",
        "UPDATE history SET id = 2098152 WHERE id = 2097152", "DELETE FROM history WHERE id = 2097152",
        "UPDATE execution SET definition = 99 WHERE id = 2", "UPDATE execution SET ended = 1 WHERE id = 2"));

/// Numbers that no execution has.
class DamagedNumberTest : public DurabilityTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(DamagedNumberTest, FailsThatExecutionAndNoOther) {
  open();
  const auto machine = make(kWait);
  const auto before = start(machine, "before");
  const auto damaged = start(machine, "damaged");
  sql(std::string("UPDATE execution SET id = ") + GetParam() + " WHERE id = 2");
  open();
  ASSERT_TRUE(engine_->resume());
  EXPECT_EQ(end_of(damaged).status, ExecutionStatus::failed);
  EXPECT_THAT(engine_->describe_execution(damaged)->cause.value_or(""), HasSubstr(GetParam()));
  EXPECT_EQ(end_of(before).status, ExecutionStatus::succeeded);
  for (const auto* name : {"later", "last"}) {
    const auto arn = start(make(kTask, "quick"), name);
    EXPECT_EQ(end_of(arn).status, ExecutionStatus::succeeded) << "new ones exist";
    EXPECT_GT(engine_->history({arn, 1000, false, ""})->items.size(), 3U);
  }
  std::vector<std::string> listed;
  for (std::string token; listed.size() < 9;) {
    const auto page = engine_->list_executions({"", {}, 1, token});
    ASSERT_TRUE(page) << page.error().message;
    for (const auto& each : page->items) listed.push_back(each.name);
    if (page->next.empty()) break;
    token = page->next;
  }
  EXPECT_THAT(listed, ::testing::UnorderedElementsAre("before", "damaged", "later", "last"));
  EXPECT_EQ(engine_->history({damaged, 1000, false, ""}).error().code, "DatabaseCorrupted");
  EXPECT_THAT(troubles(), ElementsAre(HasSubstr("damaged")));
}

INSTANTIATE_TEST_SUITE_P(Kinds, DamagedNumberTest,
                         ::testing::Values("8796093022208", "8796093022207", "9223372036854775807", "0",
                                           "-7"));

TEST_F(DurabilityTest, AStatusThatIsUnknownIsShownAsAFailureThatSaysSo) {
  open();
  const auto arn = start(make(kLongWait));
  sql("UPDATE execution SET status = 77");
  open();
  const auto found = engine_->describe_execution(arn);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->status, ExecutionStatus::failed);
  EXPECT_THAT(*found->cause, HasSubstr("status 77 is unknown"));
  EXPECT_EQ(engine_->list_executions({"", {}, 10, ""})->items.at(0).cause, found->cause);
  EXPECT_TRUE(engine_->stop_execution(arn, "", ""));
}

TEST_F(DurabilityTest, AnEndThatIsMissingIsNoticed) {
  open();
  const auto arn = start(make(kTask));
  end_of(arn);
  sql("DELETE FROM history WHERE id = (SELECT max(id) FROM history)");
  open();
  const auto found = engine_->describe_execution(arn);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found->cause, HasSubstr("missing"));
  EXPECT_EQ(found->input, "{}");
  for (const bool reverse : {false, true}) {
    const auto shown = engine_->history({arn, 1000, reverse, ""});
    ASSERT_FALSE(shown) << "a history that breaks off must not look whole";
    EXPECT_THAT(shown.error().message, HasSubstr("the end of its history is missing"));
  }
  EXPECT_FALSE(export_execution(*engine_, arn));
}

TEST_F(DurabilityTest, AnEndedHistoryThatIsGoneIsNoticed) {
  open();
  const auto arn = start(make(kTask));
  end_of(arn);
  sql("DELETE FROM history");
  open();
  EXPECT_FALSE(engine_->history({arn, 1000, false, ""}));
}

TEST_F(DurabilityTest, OnAFullDiskNoTaskRunsTwiceAndNothingIsLost) {
  open();
  const auto machine = make(kTask);
  FaultyDisk disk;
  tasks_.body = [&](const TaskRequest&) -> TaskResult {
    disk.fill_up();  // while the mail goes out
    return make_payload(json::object{{"sent", true}});
  };
  const auto arn = start(machine, "mail");
  EXPECT_TRUE(becomes([&] { return !troubles().empty(); }));
  EXPECT_THAT(troubles().front(), HasSubstr("full"));
  const auto refused = engine_->start_execution(machine, "another", "{}");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("full"));
  EXPECT_FALSE(engine_->describe_execution(arn)->ended);
  disk.repair();
  EXPECT_EQ(end_of(arn).output, R"({"sent":true})");
  EXPECT_EQ(tasks_.count, 1);
  EXPECT_TRUE(becomes([&] { return troubles().size() >= 2; }));
  EXPECT_THAT(troubles().back(), HasSubstr("can be written again"));
  EXPECT_EQ(troubles().size(), 2U) << "said once, not with each attempt";
  EXPECT_THAT(names(), ElementsAre("mail")) << "what was refused did not happen";
}

TEST_F(DurabilityTest, OnADiskThatFailsTimersAndLoopsGoOnLater) {
  open();
  const auto wait = make(kWait, "wait");
  const auto loop = make(kLoop, "loop");
  const auto waiting = start(wait, "waiting");
  const auto looping = start(loop, "looping");
  FaultyDisk disk;
  disk.fail();
  EXPECT_TRUE(becomes([&] { return !troubles().empty(); }));
  std::this_thread::sleep_for(1'100ms);  // the timer's moment passes meanwhile
  disk.repair();
  EXPECT_EQ(end_of(waiting).status, ExecutionStatus::succeeded);
  EXPECT_EQ(end_of(looping).status, ExecutionStatus::failed);
  EXPECT_EQ(types(waiting),
            (std::vector<std::string>{"ExecutionStarted", "WaitStateEntered", "WaitStateExited",
                                      "PassStateEntered", "PassStateExited", "ExecutionSucceeded"}));
}

TEST_F(DurabilityTest, TextThatIsNoUtf8IsMendedBeforeItIsStored) {
  open();
  tasks_.body = [](const TaskRequest& request) -> TaskResult {
    if (request.execution_id.ends_with("answer")) return make_payload(json::object{{"a\xff", "b\xe2\x82"}});
    return tl::unexpected(TaskFailure{"E\xff", "cut inside a \xe2\x82"});
  };
  const auto machine = make(kTask);
  const auto answer = end_of(start(machine, "answer"));
  EXPECT_EQ(answer.output, "{\"a\uFFFD\":\"b\uFFFD\"}");
  const auto failure = end_of(start(machine, "failure"));
  EXPECT_EQ(failure.cause, "cut inside a \uFFFD");
  const auto stopped = start(make(kLongWait, "wait"), "stopped");
  ASSERT_TRUE(engine_->stop_execution(stopped, "by hand\xff", "\xc3"));
  EXPECT_EQ(end_of(stopped).error, "by hand\uFFFD");
  const auto listed = engine_->list_executions({"", {}, 10, ""});
  for (const auto& execution : listed->items) {
    EXPECT_TRUE(export_execution(*engine_, execution.arn)) << execution.name;
  }
}

TEST_F(DurabilityTest, ChangesOfExtrasDontOverwriteEachOther) {
  open();
  const auto arn = make(kWait);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_TRUE(engine_->update_state_machine(arn, {}, {}, [i](json::value extras) -> Result<json::value> {
        if (!extras.is_object()) extras.emplace_object();
        extras.get_object()[std::to_string(i)] = i;
        return extras;
      }));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(engine_->describe_state_machine(arn)->extras.as_object().size(), 8U);
}

TEST_F(DurabilityTest, ALoopOverALargePayloadTakesLittleRoom) {
  open();
  const auto loop = make(kLoop);
  const auto arn = start(loop, "large", "\"" + std::string(26'212, 'x') + "\"");
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::failed);
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(options_.state_dir))
    bytes += entry.file_size();
  EXPECT_LT(bytes, std::uintmax_t{40} << 20) << "it has 25,000 events of 26,214 bytes";
}

/// States that leave a history of more than a megabyte, and what then follows.
std::string large_history(const std::string& last) {
  std::string states;
  for (const char letter : {'A', 'B', 'C', 'D'}) {
    states += fmt::format(R"("{}": {{"Type": "Pass", "Output": "{}", "Next": "{}"}}, )", letter,
                          std::string(230'000, letter), static_cast<char>(letter + 1));
  }
  return "{" + states + "\"E\": " + last + "}";
}

TEST_F(DurabilityTest, ALargeHistoryIsReadAndThenGoesOnOrEnds) {
  open();
  const std::string input = "\"" + std::string(240'000, 'x') + "\"";
  const auto wait = [&](const std::string& name, int seconds) {
    const auto last = fmt::format(R"({{"Type": "Wait", "Seconds": {}, "End": true}})", seconds);
    const auto arn = start(make(large_history(last), name), name, input);
    EXPECT_TRUE(becomes([&] { return types(arn).back() == "WaitStateEntered"; }));
    return arn;
  };
  const auto long_one = wait("long", 86'400);
  const auto short_one = wait("short", 1);
  engine_.reset();
  open();
  ASSERT_TRUE(engine_->resume());
  end_of(start(make(kTask), "another"));
  ASSERT_TRUE(engine_->stop_execution(long_one, "by hand", ""));
  EXPECT_EQ(end_of(long_one).error, "by hand");
  EXPECT_EQ(end_of(short_one).output, "\"" + std::string(230'000, 'D') + "\"");
}

TEST_F(DurabilityTest, ADamagedLargeHistoryFailsItsExecutionOnly) {
  open();
  const auto machine = make(large_history(R"({"Type": "Wait", "Seconds": 86400, "End": true})"), "wait");
  const auto arn = start(machine, "damaged", "\"" + std::string(240'000, 'x') + "\"");
  EXPECT_TRUE(becomes([&] { return types(arn).back() == "WaitStateEntered"; }));
  engine_.reset();
  sql("UPDATE history SET due = 1, records = substr(records, 1, length(records) - 1) WHERE id = (SELECT "
      "max(id) FROM history)");
  open();
  ASSERT_TRUE(engine_->resume());
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::failed);
  ASSERT_EQ(troubles().size(), 1U);
  EXPECT_THAT(troubles().front(), HasSubstr("can't go on"));
  end_of(start(make(kTask), "another"));
}

TEST_F(DurabilityTest, BeginsAnewWhereADamagedDatabaseWasMovedAway) {
  open();
  end_of(start(make(kTask)));
  const auto log = std::filesystem::path(database()).concat("-wal");
  std::filesystem::copy(log, options_.state_dir / "kept");
  engine_.reset();
  std::filesystem::rename(database(), options_.state_dir / "away.db");
  std::filesystem::rename(options_.state_dir / "kept", log);
  open();
  EXPECT_THAT(names(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace lamplighter::engine
