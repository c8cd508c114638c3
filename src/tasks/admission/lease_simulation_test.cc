// Executions of both actions on one environment: begun, delayed, crashed, stopped in mid-task and resumed at
// random, on one engine or on several, over a table that loses answers. Never do two act at a time, and the
// end is what the newest wanted.
#include <algorithm>
#include <map>
#include <memory>
#include <queue>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "tasks/admission/claiming.h"
#include "tasks/admission/tenure.h"
#include "tasks/protocol/timeouts.h"
#include "tests/support/memory_table.h"
#include "tests/support/proof_length.h"

namespace lamplighter::tasks {
namespace {

constexpr double kTaskBudget = static_cast<double>(kReconcileTimeout.count()) * 3 / 4;

/// What is in the account.
struct World {
  std::string environment = "running";
  bool muted = false;
  std::uint64_t latest = 0;  ///< the generation that acted last
  std::vector<std::string> problems;
};

class Simulation;

/// One execution: the tasks of one branch, one after another, each of them: begin (the lease is made sure
/// of), act some time later, end (what it answered is on disk).
class Execution {
 public:
  Execution(Simulation& world, std::size_t process, Claim claim, Random random)
      : sim_(world),
        process_(process),
        claim_(std::move(claim)),
        random_(random),
        looks_(1 + random_.below(4)) {}

  void begin_task(double now);
  /// Its process dies, and is there again at `back`.
  void crash(double back) {
    ++life_;
    in_task_ = false;
    carry_on(back);
  }
  void carry_on(double when) {
    later(when, [this](double now) { begin_task(now); });
  }

  [[nodiscard]] bool done() const { return stage_ == Stage::done; }
  [[nodiscard]] Standing standing() const {
    if (in_task_) return Standing::acting;
    return done() ? Standing::over : Standing::between;
  }
  [[nodiscard]] const Claim& claim() const { return claim_; }
  [[nodiscard]] std::size_t process() const { return process_; }

  std::string halted;      ///< why; "" where it wasn't
  bool completed = false;  ///< it brought about what it wanted

 private:
  enum class Stage { claim, work, report, unmute, done };
  void claim_it(double now);
  void work(double now);
  void report(double now);
  void unmute(double now);
  void act(double begun, double now);
  void end(double now, double wait, const std::function<void()>& commit);
  /// Does it later, unless the process has died by then.
  void later(double when, std::function<void(double)> what);

  Simulation& sim_;
  std::size_t process_;
  Claim claim_;
  Random random_;
  std::uint64_t life_ = 0;
  bool in_task_ = false;
  // What is on disk.
  Stage stage_ = Stage::claim;
  SeenLease seen_;
  Tenure tenure_;
  int age_ = 0;
  std::uint64_t looks_;
};

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed) : random_(seed) {}

  void run();
  void at(double when, std::function<void(double)> what) { events_.push({when, ++order_, std::move(what)}); }

  coordination::MemoryTable table;
  Leases leases{table, "fleet"};
  World world;
  std::vector<std::unique_ptr<Execution>> executions;
  std::uint64_t takeovers = 0;
  std::uint64_t crashes = 0;
  bool calm = false;  ///< no trouble any more

 private:
  struct Event {
    double when;
    std::uint64_t order;
    std::function<void(double)> what;
    bool operator<(const Event& other) const {
      return std::tie(when, order) > std::tie(other.when, other.order);
    }
  };
  void start_executions();
  void plan_crashes();

  Random random_;
  std::uint64_t order_ = 0;
  std::priority_queue<Event> events_;
};

/// A process knows only of its own executions.
class Neighbours final : public Holders {
 public:
  Neighbours(const Simulation& simulation, std::size_t process) : sim_(simulation), process_(process) {}
  [[nodiscard]] Standing standing(const std::string& execution, const std::string&) const override {
    for (const auto& one : sim_.executions) {
      if (one->claim().contender.execution == execution && one->process() == process_) return one->standing();
    }
    return Standing::unknown;
  }

 private:
  const Simulation& sim_;
  std::size_t process_;
};

void Execution::later(double when, std::function<void(double)> what) {
  sim_.at(when, [this, life = life_, what = std::move(what)](double now) {
    if (life == life_) what(now);
  });
}

void Execution::begin_task(double now) {
  in_task_ = true;
  switch (stage_) {
    case Stage::claim:
      return claim_it(now);
    case Stage::work:
      return work(now);
    case Stage::report:
      return report(now);
    case Stage::unmute:
      return unmute(now);
    case Stage::done:
      in_task_ = false;
  }
}

void Execution::end(double now, double wait, const std::function<void()>& commit) {
  later(now, [this, wait, commit](double then) {
    commit();
    in_task_ = false;
    if (!done()) later(then + wait, [this](double next) { begin_task(next); });
  });
}

void Execution::claim_it(double now) {
  claim_.now = Time{Duration{static_cast<std::int64_t>(now * 1000)}};
  const auto claimed = claim_lease(sim_.leases, "dev", claim_, seen_, Neighbours(sim_, process_));
  if (!claimed) return end(now + 1, 5, [] {});
  switch (claimed->kind) {
    case Claimed::Kind::admitted:
      return end(now + random_.uniform(0, 20), 0, [this, generation = claimed->generation] {
        stage_ = Stage::work;
        tenure_ = {"dev", claim_.contender.execution, generation};
        age_ = 0;
      });
    case Claimed::Kind::waiting:
      return end(now + random_.uniform(0, 2), claimed->wait_seconds,
                 [this, seen = claimed->seen] { seen_ = seen; });
    case Claimed::Kind::refused:
      return end(now + 1, 0, [this, why = claimed->why] {
        halted = why;
        stage_ = Stage::done;
      });
  }
}

/// Between making sure and acting a process may be stopped for long; no call goes out once the task's time is
/// over.
void Execution::act(double begun, double now) {
  if (now > begun + kTaskBudget) return;
  World& world = sim_.world;
  if (tenure_.generation < world.latest) {
    world.problems.push_back(fmt::format("{} acts at {} in generation {} after {}",
                                         claim_.contender.execution, now, tenure_.generation, world.latest));
  }
  world.latest = std::max(world.latest, tenure_.generation);
  if (stage_ == Stage::unmute) {
    world.muted = false;
  } else {
    world.environment = claim_.contender.action == Action::start ? "running" : "stopped";
    if (claim_.contender.action == Action::stop) world.muted = true;
  }
}

void Execution::work(double now) {
  const int wait = 10 + static_cast<int>(random_.below(60));
  const auto hold = make_sure(sim_.leases, tenure_);
  if (!hold) return end(now + 1, 5, [] {});
  if (!hold->lost.empty()) {
    return end(now + 1, 0, [this, why = hold->lost] {
      halted = why;
      stage_ = Stage::report;
    });
  }
  const double acts = now + (random_.chance(0.1) ? random_.uniform(0, 600) : random_.uniform(0, 60));
  later(acts, [this, now](double then) { act(now, then); });
  const bool in_time = acts <= now + kTaskBudget;
  const int age = renew(sim_.leases, tenure_, *hold, age_, wait + 240);
  end(std::min(acts, now + kTaskBudget) + 1, wait, [this, in_time, wait, age] {
    age_ = age + wait;
    if (in_time && --looks_ == 0) stage_ = Stage::report;
  });
}

void Execution::report(double now) {
  const bool loop = claim_.contender.action == Action::start;
  if (!halted.empty()) return end(now + 1, 0, [this] { stage_ = Stage::done; });
  const auto own = give_back(sim_.leases, tenure_, loop ? LeaseState::reported : LeaseState::released);
  if (!own) return end(now + 1, 5, [] {});
  end(now + random_.uniform(0, 30), 0, [this, loop, own = is_own(*own, tenure_)] {
    if (!own) halted = "taken over";
    completed = own;
    stage_ = loop && own ? Stage::unmute : Stage::done;
    looks_ = 1 + random_.below(4);
  });
}

void Execution::unmute(double now) {
  const auto hold = make_sure(sim_.leases, tenure_);
  if (!hold) return end(now + 1, 5, [] {});
  if (!hold->lost.empty()) return end(now + 1, 0, [this] { stage_ = Stage::done; });
  const double acts = now + random_.uniform(0, 120);
  later(acts, [this, now](double then) { act(now, then); });
  end(std::min(acts, now + kTaskBudget) + 1, 60, [this, in_time = acts <= now + kTaskBudget] {
    if (!in_time || --looks_ > 0) return;
    stage_ = Stage::done;
    (void)give_back(sim_.leases, tenure_, LeaseState::released);
  });
}

void Simulation::start_executions() {
  const std::uint64_t count = 2 + random_.below(3);
  const std::uint64_t processes = 1 + random_.below(3);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double begins = random_.uniform(0, 900);
    Claim claim;
    claim.contender.execution = fmt::format("execution-{}", i);
    claim.contender.started = Time{Duration{static_cast<std::int64_t>(begins * 1000)}};
    claim.contender.action = random_.chance(0.5) ? Action::start : Action::stop;
    claim.on_conflict = random_.chance(0.2) ? OnConflict::wait : OnConflict::takeover;
    claim.holds = 300;
    executions.push_back(std::make_unique<Execution>(*this, random_.below(processes), claim,
                                                     random_.fork(claim.contender.execution)));
    const double delay = random_.chance(0.3) ? random_.uniform(0, 600) : 1;
    executions.back()->carry_on(begins + delay);
  }
}

void Simulation::plan_crashes() {
  for (std::uint64_t i = random_.below(4); i > 0; --i) {
    const std::uint64_t process = random_.below(3);
    at(random_.uniform(0, 2'000), [this, process](double now) {
      ++crashes;
      const double back = now + (random_.chance(0.5) ? 1 : random_.uniform(0, 1'000));
      for (const auto& one : executions) {
        if (one->process() != process || one->done()) continue;
        if (one->claim().contender.started.time_since_epoch() > std::chrono::duration<double>(now)) continue;
        one->crash(back);
      }
    });
  }
}

void Simulation::run() {
  start_executions();
  plan_crashes();
  table.trouble = [this, random = random_.fork("table")]() mutable {
    using Trouble = coordination::MemoryTable::Trouble;
    if (calm || random.chance(0.9)) return Trouble::none;
    return random.chance(0.5) ? Trouble::refused : Trouble::answer_lost;
  };
  double now = 0;
  while (!events_.empty() && now < 100'000) {
    const Event event = events_.top();
    events_.pop();
    now = event.when;
    calm = now > 20'000;
    event.what(now);
  }
}

const Execution& newest(const Simulation& simulation) {
  return **std::max_element(simulation.executions.begin(), simulation.executions.end(),
                            [](const auto& a, const auto& b) {
                              return a->claim().contender.started < b->claim().contender.started;
                            });
}

void expect_right(const Simulation& simulation) {
  for (const auto& problem : simulation.world.problems) ADD_FAILURE() << problem;
  for (const auto& one : simulation.executions) {
    EXPECT_TRUE(one->done()) << one->claim().contender.execution << " never ends";
    EXPECT_NE(one->completed, !one->halted.empty()) << one->halted;
  }
  const Execution& last = newest(simulation);
  EXPECT_EQ(simulation.world.environment,
            last.claim().contender.action == Action::start ? "running" : "stopped");
  EXPECT_EQ(simulation.world.muted, last.claim().contender.action == Action::stop);
}

TEST(LeaseSimulation, NeverTwoAtATimeAndTheNewestWins) {
  for (std::uint64_t seed = 1; seed <= proof_length(2'000); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Simulation simulation(seed);
    simulation.run();
    expect_right(simulation);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace lamplighter::tasks
