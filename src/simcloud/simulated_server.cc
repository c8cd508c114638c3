#include "simcloud/simulated_server.h"

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace lamplighter::simcloud {
namespace {

using std::chrono::seconds;

// How long things take, in seconds: what people see of ordinary Linux instances.
constexpr double kPendingShortest = 5;
constexpr double kPendingLongest = 40;
constexpr double kChecksShortest = 60;
constexpr double kChecksLongest = 210;
constexpr double kSlowChecksLongest = 420;
constexpr double kSlowChance = 0.05;
constexpr double kStoppingShortest = 10;
constexpr double kStoppingLongest = 90;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kRelapseReasons{{
    {"Client.InternalError", "Client.InternalError: Client error on launch"},
    {"Server.InsufficientInstanceCapacity",
     "Server.InsufficientInstanceCapacity: There is not enough capacity available to satisfy the start "
     "request"},
    {"Server.InternalError", "Server.InternalError: Internal error on launch"},
}};

Duration from_seconds(double value) { return Duration(static_cast<Duration::rep>(value * 1000)); }

std::string hex(Random& random, int digits) {
  std::string text;
  while (static_cast<int>(text.size()) < digits) text += fmt::format("{:016x}", random.next());
  text.resize(static_cast<std::size_t>(digits));
  return text;
}

std::string user_initiated(Time now) {
  std::string text = format_time(now).substr(0, 19);
  text[10] = ' ';
  return fmt::format("User initiated ({} GMT)", text);
}

}  // namespace

std::string_view to_string(ServerState state) {
  switch (state) {
    case ServerState::pending:
      return "pending";
    case ServerState::running:
      return "running";
    case ServerState::stopping:
      return "stopping";
    case ServerState::stopped:
      return "stopped";
  }
  return "";
}

int state_code(ServerState state) {
  switch (state) {
    case ServerState::pending:
      return 0;
    case ServerState::running:
      return 16;
    case ServerState::stopping:
      return 64;
    case ServerState::stopped:
      return 80;
  }
  return -1;
}

SimulatedServer::SimulatedServer(const ServerSpec& spec, const Random& cloud, Fate fate)
    : region(spec.region),
      random_(cloud.fork("server " + spec.region + "/" + (spec.name.empty() ? spec.id : spec.name))) {
  Random identity = random_.fork("identity");
  const std::string made_id = "i-" + hex(identity, 17);
  id = spec.id.empty() ? made_id : spec.id;
  reservation_id = "r-" + hex(identity, 17);
  availability_zone = region + static_cast<char>('a' + static_cast<char>(identity.below(3)));
  private_ip = fmt::format("10.{}.{}.{}", identity.below(256), identity.below(256), 4 + identity.below(250));
  tags.insert(spec.tags.begin(), spec.tags.end());
  if (!spec.name.empty()) tags["Name"] = spec.name;
  if (spec.state == "running") {
    // It has been up for long: its checks lie in the past.
    state_ = ServerState::running;
    fate_ = fate;
    starts_ = 1;
  } else {
    stopped_with("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown",
                 user_initiated(Time{}));
  }
}

std::string SimulatedServer::name() const {
  const auto tag = tags.find("Name");
  return tag == tags.end() ? "" : tag->second;
}

void SimulatedServer::advance(Time now) {
  if (!until_ || *until_ > now) return;
  if (state_ == ServerState::pending)
    finish_pending();
  else
    finish_stopping();
}

void SimulatedServer::start(Time now, Fate fate) {
  if (state_ != ServerState::stopped) return;
  ++starts_;
  fate_ = fate;
  launched = now;
  stopped_with("", "", "");
  begin(ServerState::pending, now,
        fate == Fate::stuck ? std::nullopt : std::optional(start_times(starts_).pending));
}

void SimulatedServer::stop(Time now, Fate fate, bool force) {
  const bool freed = force && state_ == ServerState::stopping && !until_;
  if (state_ != ServerState::running && !freed) return;
  ++stops_;
  fate_ = freed ? Fate::well : fate;
  stopped_with("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown",
               user_initiated(now));
  begin(ServerState::stopping, now, fate_ == Fate::stuck ? std::nullopt : std::optional(stop_time(stops_)));
}

std::string_view SimulatedServer::instance_status(Time now) const {
  if (state_ != ServerState::running) return "not-applicable";
  if (now < checks_began + start_times(starts_).instance_check) return "initializing";
  return fate_ == Fate::impaired ? "impaired" : "ok";
}

std::string_view SimulatedServer::system_status(Time now) const {
  if (state_ != ServerState::running) return "not-applicable";
  return now < checks_began + start_times(starts_).system_check ? "initializing" : "ok";
}

std::string_view SimulatedServer::attached_ebs_status(Time now) const {
  const std::string_view system = system_status(now);
  return system == "ok" && fate_ == Fate::impaired_volume ? "impaired" : system;
}

Duration SimulatedServer::start_duration() const {
  const StartTimes times = start_times(std::max(starts_, 1));
  return times.pending + times.instance_check;
}

Duration SimulatedServer::stop_duration() const { return stop_time(std::max(stops_, 1)); }

SimulatedServer::StartTimes SimulatedServer::start_times(int start) const {
  Random draw = random_.fork(fmt::format("start {}", start));
  const double pending = draw.uniform(kPendingShortest, kPendingLongest);
  const bool slow = draw.chance(kSlowChance);
  const double checks =
      slow ? draw.uniform(kChecksLongest, kSlowChecksLongest) : draw.uniform(kChecksShortest, kChecksLongest);
  const double system = checks * draw.uniform(0.4, 1.0);
  return {from_seconds(pending), from_seconds(system), from_seconds(checks)};
}

Duration SimulatedServer::stop_time(int stop) const {
  return from_seconds(
      random_.fork(fmt::format("stop {}", stop)).uniform(kStoppingShortest, kStoppingLongest));
}

void SimulatedServer::begin(ServerState state, Time now, std::optional<Duration> lasting) {
  state_ = state;
  until_ = lasting ? std::optional(now + *lasting) : std::nullopt;
}

void SimulatedServer::finish_pending() {
  if (fate_ == Fate::relapse) {
    Random draw = random_.fork(fmt::format("relapse {}", starts_));
    const auto& [code, message] = kRelapseReasons[draw.below(kRelapseReasons.size())];
    stopped_with(std::string(code), std::string(message), std::string(code));
    state_ = ServerState::stopped;
  } else {
    state_ = ServerState::running;
    checks_began = *until_;
  }
  until_.reset();
}

void SimulatedServer::finish_stopping() {
  state_ = ServerState::stopped;
  until_.reset();
}

void SimulatedServer::stopped_with(std::string code, std::string message, std::string transition) {
  state_reason_code = std::move(code);
  state_reason_message = std::move(message);
  transition_reason = std::move(transition);
}

}  // namespace lamplighter::simcloud
