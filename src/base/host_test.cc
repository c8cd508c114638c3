#include "base/host.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter {
namespace {

using testing::HasSubstr;

TEST(SystemHost, GivesWhatAProgramPrints) {
  EXPECT_EQ(*SystemHost().run("echo a; echo b"), "a\nb\n");
  EXPECT_EQ(SystemHost().run("echo a; exit 3").error().code, "CommandFailed");
  EXPECT_EQ(SystemHost().run("/no/such/program 2>/dev/null").error().code, "CommandFailed");
}

TEST(SystemHost, EndsProgramsThatHangOrPrintWithoutEnd) {
  const SystemHost impatient{std::chrono::milliseconds(50)};
  for (const auto* hung : {"exec sleep 600", "echo '{}'; exec sleep 600", "exec >&-; exec sleep 600",
                           "trap '' TERM; while :; do sleep 1; done"}) {
    const auto output = impatient.run(hung);
    ASSERT_FALSE(output) << hung;
    EXPECT_THAT(output.error().message, HasSubstr("in time")) << hung;
  }
  EXPECT_EQ(SystemHost().run("exec yes").error().code, "CommandFailed");
}

TEST(SystemHost, ProgramsCanBeInterruptedThoughThisThreadCannot) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  EXPECT_FALSE(SystemHost().run("kill -TERM $$; echo still here"));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace lamplighter
