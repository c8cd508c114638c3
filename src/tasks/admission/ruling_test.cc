#include "tasks/admission/ruling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

using Kind = Ruling::Kind;
using std::chrono::hours;

Time at(std::string_view text) { return parse_time(text).value(); }

const Time kNow = at("2026-11-27T19:00:00Z");  // 20:00 in Berlin

Override keep(Action wanted, Time until) {
  Override one;
  one.id = 1;
  one.environments = {"dev", "test"};
  one.wanted = wanted;
  one.until = until;
  one.timezone = "Europe/Berlin";
  one.by = "ada";
  one.why = "release";
  one.made = kNow - hours(1);
  return one;
}

Override skip(std::optional<Time> occurrence = std::nullopt) {
  Override one = keep(Action::start, kNow + hours(2));
  one.kind = Override::Kind::skip;
  one.schedule = "evenings";
  one.occurrence = occurrence;
  return one;
}

Override pause() {
  Override one = skip();
  one.kind = Override::Kind::pause;
  return one;
}

Decision by_hand(Action action, bool despite_keeps = false) { return {action, "dev", {}, despite_keeps}; }
Decision due(Time moment, Action action = Action::stop, std::string schedule = "evenings") {
  return {action, "dev", Occurrence{std::move(schedule), moment}, false};
}

Kind kind_of(const std::vector<Override>& overrides, const Decision& decision, Time now = kNow) {
  return overruled(overrides, decision, now).kind;
}

TEST(Ruling, NothingStandsAgainstARunWithoutOverrides) {
  EXPECT_EQ(overruled({}, by_hand(Action::stop), kNow), Ruling{});
  EXPECT_EQ(overruled({}, due(kNow), kNow), Ruling{});
}

TEST(Ruling, AKeepSkipsWhatWouldEndItAndLetsTheOthersThrough) {
  const std::vector<Override> running{keep(Action::start, kNow + hours(1))};
  EXPECT_EQ(overruled(running, due(kNow), kNow),
            (Ruling{Kind::skipped, "kept running until 21:00 (Europe/Berlin) by ada: release"}));
  EXPECT_EQ(kind_of(running, due(kNow, Action::start)), Kind::goes_ahead);
  EXPECT_EQ(kind_of(running, {Action::stop, "preprod", Occurrence{"evenings", kNow}}), Kind::goes_ahead);
  const std::vector<Override> stopped{keep(Action::stop, kNow + hours(1))};
  EXPECT_EQ(kind_of(stopped, due(kNow, Action::start)), Kind::skipped);
  EXPECT_EQ(kind_of(stopped, due(kNow)), Kind::goes_ahead);
}

TEST(Ruling, AKeepRefusesAPersonWhoDoesNotSaySo) {
  const std::vector<Override> running{keep(Action::start, kNow + hours(30))};
  EXPECT_EQ(overruled(running, by_hand(Action::stop), kNow),
            (Ruling{Kind::refused, "kept running until 2026-11-29 02:00 (Europe/Berlin) by ada: release"}));
  EXPECT_EQ(kind_of(running, by_hand(Action::stop, true)), Kind::goes_ahead);
  EXPECT_EQ(kind_of(running, by_hand(Action::start)), Kind::goes_ahead);
}

TEST(Ruling, AKeepEndsAtItsMomentByWhicheverClockIsLater) {
  const Time until = kNow + hours(1);
  const std::vector<Override> running{keep(Action::start, until)};
  EXPECT_EQ(kind_of(running, by_hand(Action::stop), until - Duration(1)), Kind::refused);
  EXPECT_EQ(kind_of(running, by_hand(Action::stop), until), Kind::goes_ahead);
  // The clock here lags behind that of whoever fired it.
  EXPECT_EQ(kind_of(running, due(until), until - std::chrono::seconds(2)), Kind::goes_ahead);
  // It was due within, and comes late.
  EXPECT_EQ(kind_of(running, due(kNow), until + std::chrono::minutes(5)), Kind::goes_ahead);
}

TEST(Ruling, OfTwoKeepsTheLaterCounts) {
  auto first = keep(Action::start, kNow + hours(5));
  auto second = keep(Action::stop, kNow + hours(1));
  second.id = 2;
  for (const auto& both : {std::vector{first, second}, std::vector{second, first}}) {
    EXPECT_EQ(kind_of(both, by_hand(Action::stop)), Kind::goes_ahead);
    EXPECT_EQ(kind_of(both, by_hand(Action::start)), Kind::refused);
    EXPECT_EQ(kind_of(both, by_hand(Action::stop), kNow + hours(2)), Kind::refused);
  }
}

TEST(Ruling, ASkipBindsItsScheduleByTheDueMomentAndNobodyElse) {
  const Time until = kNow + hours(2);
  EXPECT_EQ(overruled({skip()}, due(kNow), kNow),
            (Ruling{Kind::skipped, "skipped until 22:00 (Europe/Berlin) by ada: release"}));
  EXPECT_EQ(kind_of({skip()}, due(kNow, Action::stop, "mornings")), Kind::goes_ahead);
  EXPECT_EQ(kind_of({skip()}, by_hand(Action::stop)), Kind::goes_ahead);
  EXPECT_EQ(kind_of({skip()}, due(until - std::chrono::seconds(1)), until + hours(1)), Kind::skipped);
  EXPECT_EQ(kind_of({skip()}, due(until), until), Kind::goes_ahead);
}

TEST(Ruling, SkippingTheNextSkipsThatOne) {
  const std::vector<Override> next{skip(kNow)};
  EXPECT_EQ(overruled(next, due(kNow), kNow + hours(1)),
            (Ruling{Kind::skipped, "skipped once by ada: release"}));
  EXPECT_EQ(kind_of(next, due(kNow + hours(1))), Kind::goes_ahead);
  EXPECT_EQ(kind_of(next, due(kNow, Action::stop, "mornings")), Kind::goes_ahead);
}

TEST(Ruling, APauseBindsEveryOccurrenceAndNoPerson) {
  auto silent = pause();
  silent.why.clear();
  EXPECT_EQ(overruled({silent}, due(kNow, Action::start, "mornings"), kNow),
            (Ruling{Kind::skipped, "paused until 22:00 (Europe/Berlin) by ada"}));
  EXPECT_EQ(kind_of({pause()}, due(kNow + hours(2))), Kind::goes_ahead);
  EXPECT_EQ(kind_of({pause()}, by_hand(Action::stop)), Kind::goes_ahead);
}

}  // namespace
}  // namespace lamplighter::tasks
