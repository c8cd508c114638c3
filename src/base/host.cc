#include "base/host.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/read_input.h"

namespace lamplighter {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;

tl::unexpected<Error> failed(std::string why) {
  return fail(ErrorKind::bad_input, "CommandFailed", std::move(why));
}

/// Starts `command` by the shell with its standard output on `output`. No signal is blocked for it, whatever
/// this thread blocks. 0 or errno.
int start(const std::string& command, int output, pid_t& child) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t none;
  sigemptyset(&none);
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::string shell = "sh";
  std::string option = "-c";
  std::string line = command;
  char* arguments[] = {shell.data(), option.data(), line.data(), nullptr};
  const int error = ::posix_spawn(&child, "/bin/sh", &files, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

/// How `child` ended, as waitpid() says; nullopt where it had to be killed at `deadline`.
std::optional<int> end_of(pid_t child, SteadyTime deadline) {
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= deadline) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return std::nullopt;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return status;
}

}  // namespace

std::optional<std::string> SystemHost::variable(const std::string& name) const {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Result<std::optional<std::string>> SystemHost::read_file(const std::string& path) const {
  auto text = TRY(lamplighter::read_file(path, kMaxBytes + 1));
  if (!text || text->size() <= kMaxBytes) return text;
  return fail(ErrorKind::bad_input, "UnreadableFile", path + ": longer than 1 MiB");
}

Result<std::string> SystemHost::run(const std::string& command) const {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed(std::strerror(errno));
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  pid_t child = 0;
  const int error = start(command, ends[1], child);
  ::close(ends[1]);
  const auto deadline = std::chrono::steady_clock::now() + program_timeout_;
  auto text = error == 0 ? read_descriptor(ends[0], kMaxBytes + 1, deadline) : failed(std::strerror(error));
  ::close(ends[0]);
  if (error != 0) return text;
  const auto status = end_of(child, text ? deadline : SteadyTime::min());
  if (!status) return failed("it did not end in time");
  if (text && text->size() > kMaxBytes) return failed("its output is longer than 1 MiB");
  if (!text || *status != 0) return failed("it ended with an error");
  return text;
}

}  // namespace lamplighter
