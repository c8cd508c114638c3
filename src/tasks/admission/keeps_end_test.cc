#include "tasks/admission/keeps_end.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

using Kind = Ruling::Kind;
using std::chrono::hours;

/// 20:00 in Berlin, when "evenings" stops dev; the keep's end is two hours later.
const Time kEvening = parse_time("2026-11-27T19:00:00Z").value();
const Time kEnd = kEvening + hours(2);

WantedOccurrence wanted(std::string schedule, Action action, Time due) {
  return {std::move(schedule), action, due, {"dev"}};
}
const WantedOccurrence kStopped = wanted("evenings", Action::stop, kEvening);
const WantedOccurrence kStarted = wanted("mornings", Action::start, kEvening - hours(14));

Override said(Override::Kind kind, Time made, Time until) {
  Override one;
  one.kind = kind;
  one.schedule = "evenings";
  one.timezone = "Europe/Berlin";
  one.by = "ada";
  one.made = made;
  one.until = until;
  return one;
}

/// Of the stop at the end of a keep that was made at 17:00.
Ruling at_end(std::vector<WantedOccurrence> of, const std::vector<Override>& overrides = {},
              bool undone = false) {
  const KeepsEnd end{kEvening - hours(3), undone, std::move(of)};
  return overruled(overrides, {Action::stop, "dev", Occurrence{"end of override 1", kEnd, {}, end}}, kEnd);
}

TEST(RulingAtAKeepsEnd, GoesByTheLatestOccurrence) {
  EXPECT_EQ(at_end({kStopped, kStarted}), Ruling{});
  EXPECT_EQ(at_end({kStarted, kStopped}), (Ruling{Kind::skipped, "\"mornings\" wants it running by then"}));
  EXPECT_EQ(at_end({}), (Ruling{Kind::skipped, "no schedule wants it stopped by then"}));
  auto of_another = kStopped;
  of_another.environments = {"test"};
  EXPECT_EQ(at_end({of_another, kStarted}).kind, Kind::skipped);
}

TEST(RulingAtAKeepsEnd, LeavesToAnOccurrenceWhatItDoesItself) {
  EXPECT_EQ(at_end({wanted("late", Action::stop, kEnd), kStopped}),
            (Ruling{Kind::skipped, "\"late\" does so itself"}));
}

TEST(RulingAtAKeepsEnd, CountsNothingThatWasSkippedOrPausedSinceTheKeepWasMade) {
  auto once = said(Override::Kind::skip, kEvening - hours(1), kEvening);
  once.occurrence = kEvening;
  const Time before_end = kEvening + hours(1);
  for (const auto& one : {once, said(Override::Kind::skip, kEvening - hours(1), before_end),
                          said(Override::Kind::pause, kEvening - hours(1), before_end)}) {
    EXPECT_EQ(at_end({kStopped, kStarted}, {one}).why, "\"mornings\" wants it running by then");
    EXPECT_EQ(at_end({kStopped}, {one}).why, "no schedule wants it stopped by then");
  }
}

TEST(RulingAtAKeepsEnd, CountsWhatWasCarriedOutBeforeSomebodyPaused) {
  const auto later = said(Override::Kind::pause, kEvening + Duration(1), kEvening + hours(1));
  EXPECT_EQ(at_end({kStopped, kStarted}, {later}), Ruling{});
}

TEST(RulingAtAKeepsEnd, UndoesUnlessAnOccurrenceThatStandsSaysOtherwise) {
  EXPECT_EQ(at_end({}, {}, true), Ruling{});
  EXPECT_EQ(at_end({kStarted}, {}, true).kind, Kind::skipped);
  const auto pause = said(Override::Kind::pause, kStarted.due, kEvening);
  EXPECT_EQ(at_end({kStarted}, {pause}, true), Ruling{});
}

TEST(RulingAtAKeepsEnd, IsPausedAndKeptLikeAnyOccurrence) {
  EXPECT_EQ(at_end({kStopped}, {said(Override::Kind::pause, kEvening, kEnd + hours(1))}).why,
            "paused until 23:00 (Europe/Berlin) by ada");
  auto keep = said(Override::Kind::keep, kEvening, kEnd + hours(1));
  keep.environments = {"dev"};
  EXPECT_EQ(at_end({kStopped}, {keep}).why, "kept running until 23:00 (Europe/Berlin) by ada");
}

}  // namespace
}  // namespace lamplighter::tasks
