#include "tasks/protocol/pace.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

constexpr std::array kTimeouts{60, 61, 90, 120, 300, 600, 900, 1'800, 3'600, 7'200, 21'600, 43'200};
constexpr std::array kLooks{4, 5, 6, 8, 11, 12, 13, 20, 28, 40, 64, 100, 150, 200};
constexpr std::array kFloors{1, 2, 5, 15, 60};

template <class Check>
void for_all_budgets(Check check) {
  for (const Action action : {Action::start, Action::stop}) {
    for (const int timeout : kTimeouts) {
      for (const int looks : kLooks) {
        for (const int floor : kFloors) check(LookBudget{action, looks, timeout, floor});
      }
    }
  }
}

std::string text(const LookBudget& budget) {
  return fmt::format("{} {} looks, {} s, floor {}", to_string(budget.action), budget.looks, budget.timeout,
                     budget.floor);
}

/// The moments of all looks, where the look number i itself takes `length(i)` seconds.
template <class Length>
std::vector<int> looks_of(const LookBudget& budget, Length length) {
  std::vector<int> looks{0};
  for (int elapsed = 0; elapsed < budget.timeout;) {
    elapsed += length(looks.size());
    if (elapsed >= budget.timeout) break;
    elapsed += next_wait(budget, elapsed);
    looks.push_back(elapsed);
  }
  return looks;
}
int no_time(std::size_t /*look*/) { return 0; }

TEST(LookBudget, NeverTakesMoreLooksThanThereAreAndComesToTheDeadline) {
  for_all_budgets([](const LookBudget& budget) {
    const auto looks = looks_of(budget, no_time);
    EXPECT_LE(looks.size(), static_cast<std::size_t>(budget.looks - spare_looks(budget.looks)))
        << text(budget);
    EXPECT_EQ(looks.size(), static_cast<std::size_t>(most_looks(budget))) << text(budget);
    EXPECT_EQ(looks.back(), budget.timeout) << text(budget);
  });
}

TEST(LookBudget, LooksThatTakeTheirTimeAreNotMore) {
  const auto uneven = [](std::size_t look) { return static_cast<int>(look * look % 7); };
  for_all_budgets([&](const LookBudget& budget) {
    EXPECT_LE(looks_of(budget, uneven).size(), looks_of(budget, no_time).size()) << text(budget);
  });
}

TEST(LookBudget, NoWaitIsShorterThanItsFloorNorPastTheDeadline) {
  for_all_budgets([](const LookBudget& budget) {
    for (int elapsed = 0; elapsed < std::min(budget.timeout, 1'000); elapsed += 7) {
      const int wait = next_wait(budget, elapsed);
      EXPECT_LE(elapsed + wait, budget.timeout) << text(budget);
      EXPECT_GE(wait, std::min(budget.floor, budget.timeout - elapsed)) << text(budget);
    }
    EXPECT_EQ(next_wait(budget, budget.timeout), 1) << "a wait of nothing would spin";
  });
}

TEST(LookBudget, MoreLooksAreNeverSparser) {
  for (const int timeout : kTimeouts) {
    int before = 0;
    for (const int looks : kLooks) {
      const int taken = most_looks({Action::stop, looks, timeout, 1});
      EXPECT_GE(taken, before) << looks << " looks, " << timeout << " s";
      before = taken;
    }
  }
}

/// How much later than `ready` (on average over a second's width each) the look is that finds it, as a part
/// of it.
double mean_overshoot(const LookBudget& budget, int from, int to) {
  const auto looks = looks_of(budget, no_time);
  double sum = 0;
  for (int ready = from; ready <= to; ++ready) {
    const double found = *std::lower_bound(looks.begin(), looks.end(), ready);
    sum += (found - ready + 0.5) / ready;
  }
  return sum / (to - from + 1);
}

TEST(LookBudget, OvershootAtTypicalReadinessIsSmallAndLateItIsAPart) {
  struct Row {
    Action action;
    int looks;
    int timeout;
    int from;
    int to;
    double most;
  };
  constexpr std::array rows{
      Row{Action::start, 200, 900, 65, 250, 0.025},      Row{Action::start, 60, 900, 65, 250, 0.05},
      Row{Action::start, 28, 900, 65, 250, 0.10},        Row{Action::start, 12, 900, 65, 250, 0.25},
      Row{Action::start, 12, 900, 300, 800, 0.50},       Row{Action::start, 60, 43'200, 65, 250, 0.07},
      Row{Action::start, 60, 43'200, 3'600, 7'200, 0.2}, Row{Action::stop, 200, 900, 20, 90, 0.035},
      Row{Action::stop, 60, 900, 20, 90, 0.05},          Row{Action::stop, 28, 900, 20, 90, 0.10},
      Row{Action::stop, 12, 900, 20, 90, 0.25},          Row{Action::stop, 12, 600, 20, 90, 0.25},
  };
  for (const Row& row : rows) {
    const LookBudget budget{row.action, row.looks, row.timeout, 1};
    const double overshoot = mean_overshoot(budget, row.from, row.to);
    fmt::print("| {} | {} | {} s | {} to {} s | {:.1f}% | {} |\n", to_string(row.action), row.looks,
               row.timeout, row.from, row.to, 100 * overshoot, most_looks(budget));
    EXPECT_LE(overshoot, row.most) << text(budget);
  }
}

}  // namespace
}  // namespace lamplighter::tasks
