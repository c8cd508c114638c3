#include "run/simulated_run.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "base/plain_text.h"
#include "run/interrupt.h"
#include "run/simulated_fleet.h"
#include "run/simulated_world.h"

namespace lamplighter::run {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFrame{100};

/// Lets virtual time pass at `speed` times the real one, and shows the run meanwhile.
class Pacer {
 public:
  Pacer(std::optional<double> speed, Time start, Progress& progress, Observer& view)
      : speed_(speed), start_(start), started_(steady_clock::now()), progress_(progress), view_(view) {}

  /// Returns once it is `next`; false after Ctrl-C. After the report nobody waits for alarms.
  bool wait_until(Time next) {
    while (speed_ && !progress_.unmuting() && !Interrupt::requested()) {
      const auto left = moment_of(next) - steady_clock::now();
      if (left <= steady_clock::duration::zero()) break;
      view_.show(progress_.now(), std::min(next, virtual_now()));
      std::this_thread::sleep_for(std::min<steady_clock::duration>(left, kFrame));
    }
    return !Interrupt::requested();
  }

 private:
  [[nodiscard]] steady_clock::time_point moment_of(Time time) const {
    const std::chrono::duration<double, std::milli> real =
        std::chrono::duration<double, std::milli>(time - start_) / *speed_;
    return started_ + std::chrono::duration_cast<steady_clock::duration>(real);
  }
  [[nodiscard]] Time virtual_now() const {
    const std::chrono::duration<double, std::milli> real = steady_clock::now() - started_;
    return start_ + std::chrono::duration_cast<Duration>(real * *speed_);
  }

  std::optional<double> speed_;
  Time start_;
  steady_clock::time_point started_;
  Progress& progress_;
  Observer& view_;
};

}  // namespace

Result<std::optional<double>> parse_speed(const std::string& text) {
  if (text == "max") return std::nullopt;
  char* end = nullptr;
  const double speed = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0' && speed > 0 && speed <= 1e6) return speed;
  return fail(ErrorKind::bad_input, "Usage",
              fmt::format("found --simulate={}, expected a speed such as 60, or max", plain_line(text)));
}

Result<Outcome> run_simulated(const RunOrder& order, const SimulatedRun& options, Observer& view) {
  const SimulatedFleetOptions setup{.seed = options.seed, .faults = options.faults, .action = order.action};
  const Time start = SystemClock().now();
  const auto world = TRY(SimulatedWorld::make(TRY(simulated_fleet(order.fleet, setup)), start));

  const Interrupt interrupt;
  Progress progress(order.shape, order.execution);
  Pacer pacer(options.speed, start, progress, view);
  engine::SimulationOptions simulation;
  simulation.state_machine = order.fleet.name;
  simulation.execution = order.execution;
  simulation.seed = options.seed;
  simulation.observer = [&](const engine::Appended& appended) { progress.apply(appended.events); };
  simulation.before_advance = [&](Time next) { return pacer.wait_until(next); };
  auto result = TRY(world->run(order.fleet, order.action, {}, simulation, order.input));
  progress.apply(result.events);
  view.finish(progress.now(), world->clock().now());
  const RunEnd end{std::move(result.execution), false, Interrupt::requested()};
  Outcome outcome = outcome_of(end, progress, &world->caller());
  if (end.interrupted) {
    outcome.trouble = "stopped. A simulated run leaves nothing behind; --simulate=max shows its end at once.";
  }
  return outcome;
}

}  // namespace lamplighter::run
