#include "simcloud/simulated_server.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/test_cloud.h"

namespace lamplighter::simcloud {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kStart{seconds(1'800'000'000)};

SimulatedServer make(const std::string& name, std::uint64_t seed = 1, const std::string& state = "stopped") {
  return SimulatedServer(a_server(name, state), Random(seed), Fate::well);
}

/// When a server that changes by itself next says something else.
template <class Read>
Duration time_until(SimulatedServer server, Time from, std::string_view wanted, Read read) {
  for (Duration passed{0}; passed < hours(1); passed += milliseconds(100)) {
    server.advance(from + passed);
    if (read(server, from + passed) == wanted) return passed;
  }
  return hours(1);
}

TEST(SimulatedServer, AStartGoesThroughPendingAndChecks) {
  SimulatedServer server = make("test1");
  server.start(kStart, Fate::well);
  EXPECT_EQ(server.state(), ServerState::pending);
  EXPECT_EQ(server.instance_status(kStart), "not-applicable");
  server.advance(kStart + seconds(40));
  EXPECT_EQ(server.state(), ServerState::running);
  EXPECT_EQ(server.instance_status(kStart + seconds(40)), "initializing");
  server.advance(kStart + server.start_duration());
  EXPECT_EQ(server.instance_status(kStart + server.start_duration()), "ok");
  EXPECT_EQ(server.instance_status(kStart + server.start_duration() - milliseconds(1)), "initializing");
  EXPECT_EQ(server.system_status(kStart + server.start_duration()), "ok");
}

TEST(SimulatedServer, DurationsAreRealistic) {
  std::set<Duration> different;
  int slow = 0;
  for (int i = 0; i < 300; ++i) {
    SimulatedServer server = make(fmt::format("s{}", i));
    server.start(kStart, Fate::well);
    const Duration pending = time_until(
        server, kStart, "running", [](const SimulatedServer& at, Time) { return to_string(at.state()); });
    EXPECT_GE(pending, seconds(5));
    EXPECT_LE(pending, seconds(41));
    const Duration checks = server.start_duration() - pending;
    EXPECT_GE(checks, seconds(59));
    EXPECT_LE(checks, seconds(421));
    if (checks > seconds(211)) ++slow;
    different.insert(server.start_duration());
  }
  EXPECT_GT(different.size(), 290U);
  EXPECT_GT(slow, 3);
  EXPECT_LT(slow, 40);
}

TEST(SimulatedServer, AStopEndsStoppedWithItsReason) {
  SimulatedServer server = make("test1", 1, "running");
  EXPECT_EQ(server.instance_status(kStart), "ok");
  server.stop(kStart, Fate::well, false);
  EXPECT_EQ(server.state(), ServerState::stopping);
  EXPECT_GE(server.stop_duration(), seconds(10));
  EXPECT_LE(server.stop_duration(), seconds(90));
  server.advance(kStart + server.stop_duration() - milliseconds(1));
  EXPECT_EQ(server.state(), ServerState::stopping);
  server.advance(kStart + server.stop_duration());
  EXPECT_EQ(server.state(), ServerState::stopped);
  EXPECT_EQ(server.state_reason_code, "Client.UserInitiatedShutdown");
  EXPECT_EQ(server.transition_reason, "User initiated (2027-01-15 08:00:00 GMT)");
}

TEST(SimulatedServer, ARelapseStopsAgainWithAReason) {
  SimulatedServer server = make("test1");
  server.start(kStart, Fate::relapse);
  EXPECT_EQ(server.state_reason_code, "");
  server.advance(kStart + seconds(41));
  EXPECT_EQ(server.state(), ServerState::stopped);
  EXPECT_NE(server.state_reason_code, "");
  EXPECT_NE(server.state_reason_code, "Client.UserInitiatedShutdown");
  server.start(kStart + seconds(50), Fate::well);
  server.advance(kStart + seconds(100));
  EXPECT_EQ(server.state(), ServerState::running);
}

TEST(SimulatedServer, StuckIsForEverUnlessForced) {
  SimulatedServer starting = make("test1");
  starting.start(kStart, Fate::stuck);
  starting.advance(kStart + hours(1000));
  EXPECT_EQ(starting.state(), ServerState::pending);

  SimulatedServer stopping = make("test1", 1, "running");
  stopping.stop(kStart, Fate::stuck, false);
  stopping.advance(kStart + hours(1000));
  EXPECT_EQ(stopping.state(), ServerState::stopping);
  stopping.stop(kStart + hours(1000), Fate::stuck, true);
  stopping.advance(kStart + hours(1001));
  EXPECT_EQ(stopping.state(), ServerState::stopped);
}

TEST(SimulatedServer, ImpairedFailsTheInstanceCheckOnly) {
  SimulatedServer server = make("test1");
  server.start(kStart, Fate::impaired);
  server.advance(kStart + seconds(60));
  const Time later = kStart + hours(1);
  EXPECT_EQ(server.instance_status(later), "impaired");
  EXPECT_EQ(server.system_status(later), "ok");
}

TEST(SimulatedServer, EachStartDrawsAfreshAndTheSameWheneverItIs) {
  SimulatedServer one = make("test1");
  SimulatedServer other = make("test1");
  one.start(kStart, Fate::well);
  other.start(kStart + hours(5), Fate::well);
  EXPECT_EQ(one.start_duration(), other.start_duration());
  const Duration first = one.start_duration();
  one.advance(kStart + hours(1));
  one.stop(kStart + hours(1), Fate::well, false);
  one.advance(kStart + hours(2));
  one.start(kStart + hours(2), Fate::well);
  EXPECT_NE(one.start_duration(), first);
  EXPECT_NE(make("test1", 2).id, make("test1", 1).id);
}

}  // namespace
}  // namespace lamplighter::simcloud
