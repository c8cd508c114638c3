// fleet_year FLEET DIRECTORY: a daemon's life on a virtual clock, as standard input tells it, with the
// scheduler's real store in the directory. Lines of input: {"do": "up"} (the process begins), "down" (it
// ends), "run" and "pass" with "until" (time passes, and the process sees it or is not there, or suspended),
// "set" with "to" (the clock is set), "kill" with "when": "before" or "after" (the process dies at its next
// start, before or after the engine has it on disk). Lines of output: what was started, and what was missed.
// test_year.py compares them with a computation of its own.
#include <iostream>
#include <set>
#include <string>

#include "base/log.h"
#include "json/json.h"
#include "scheduler/fleet_scheduler.h"
#include "scheduler/occurrence_name.h"

namespace {

using namespace lamplighter;  // NOLINT(google-build-using-namespace)

struct Killed {};

void say(const json::object& line) { std::cout << json_text(line) << '\n'; }

/// Says what somebody must know.
class TroubleLog final : public Log {
 public:
  void write(const LogEntry& entry) override {
    if (kind_of(entry.event).level != LogLevel::info) say({{"trouble", entry.message}});
  }
};

class Life {
 public:
  Life(std::string fleet, std::filesystem::path directory)
      : fleet_(std::move(fleet)), directory_(std::move(directory)) {}

  void take(const json::object& told) {
    const std::string_view what = told.at("do").as_string();
    if (what == "up") begin();
    if (what == "down") end();
    if (what == "run") run(time(told, "until"));
    if (what == "pass") clock_.set(time(told, "until"));
    if (what == "set") clock_.set_wall_by(time(told, "to") - clock_.now());
    if (what == "kill") dies_ = told.at("when").as_string();
  }

 private:
  static Time time(const json::object& told, const char* key) {
    return parse_time(std::string(told.at(key).as_string())).value();
  }
  void begin() {
    store_ = scheduler::Store::open(directory_ / "schedules.sqlite").value();
    scheduler_ = scheduler::FleetScheduler::open(
                     fleet_, {clock_, *store_,
                              [this](const fleet::Fleet& fleet, const scheduler::Firing& firing) {
                                return start(fleet, firing);
                              },
                              log_})
                     .value();
    if (const Status begun = scheduler_->begin(); !begun) throw std::runtime_error(begun.error().message);
  }
  void end() {
    scheduler_.reset();
    store_.reset();
  }

  /// The engine's part: a name is started once, and that outlives the process.
  Result<std::string> start(const fleet::Fleet& fleet, const scheduler::Firing& firing) {
    if (std::exchange(dies_, dies_ == "before" ? "" : dies_) == "before") throw Killed();
    const std::string name = scheduler::occurrence_name(fleet.name, firing.schedule, firing.due);
    if (started_.insert(name).second) {
      say({{"started", firing.schedule},
           {"due", format_time(firing.due)},
           {"at", format_time(clock_.now())}});
    }
    if (!std::exchange(dies_, "").empty()) throw Killed();
    return name;
  }

  void run(Time until) {
    try {
      while (true) {
        const auto wake = scheduler_->turn();
        if (clock_.now() >= until) return;
        clock_.set(std::min(wake.value_or(until), until));
      }
    } catch (const Killed&) {
      end();
    }
  }

  std::string fleet_;
  std::filesystem::path directory_;
  TroubleLog log_;
  ManualClock clock_;
  std::string dies_;
  std::set<std::string> started_;
  std::unique_ptr<scheduler::Store> store_;
  std::unique_ptr<scheduler::FleetScheduler> scheduler_;
};

}  // namespace

int main(int count, char** arguments) {
  std::ios::sync_with_stdio(false);
  try {
    if (count != 3) throw std::invalid_argument("usage: fleet_year FLEET DIRECTORY");
    Life life(arguments[1], arguments[2]);
    for (std::string line; std::getline(std::cin, line);) life.take(parse_json(line).value().as_object());
  } catch (const std::exception& error) {
    std::cerr << "fleet_year: " << error.what() << '\n';
    return 2;
  }
}
