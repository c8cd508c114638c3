#include "base/read_input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace lamplighter {
namespace {

constexpr std::chrono::seconds kPatience{10};  // for a pipe: a file is there at once

tl::unexpected<Error> unreadable(std::string why) {
  return fail(ErrorKind::bad_input, "UnreadableFile", std::move(why));
}

/// Whether something, or the end, can be read before `deadline`.
bool is_readable(int descriptor, SteadyTime deadline) {
  pollfd wait{descriptor, POLLIN, 0};
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const auto timeout = std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 60'000);
    const int ready = ::poll(&wait, 1, static_cast<int>(timeout));
    if (ready > 0) return true;
    if ((ready == 0 && left.count() <= 60'000) || (ready < 0 && errno != EINTR)) return false;
  }
}

}  // namespace

Result<std::string> read_descriptor(int descriptor, std::size_t max_bytes, SteadyTime deadline) {
  std::string text;
  std::array<char, 16'384> block{};
  while (text.size() < max_bytes) {
    const auto count = ::read(descriptor, block.data(), std::min(block.size(), max_bytes - text.size()));
    if (count == 0) break;
    if (count > 0) text.append(block.data(), static_cast<std::size_t>(count));
    if (count > 0 || errno == EINTR) continue;
    if (errno != EAGAIN) return unreadable(std::strerror(errno));
    // Only now: of a pipe that never had a writer, poll() does not say that it is at its end.
    if (!is_readable(descriptor, deadline)) return unreadable("nothing came in time");
  }
  return text;
}

Result<std::optional<std::string>> read_file(const std::string& path, std::size_t max_bytes) {
  // Opening a pipe that nobody writes to would wait for ever.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (descriptor < 0) return unreadable(path + ": " + std::strerror(errno));
  auto text = read_descriptor(descriptor, max_bytes, std::chrono::steady_clock::now() + kPatience);
  ::close(descriptor);
  if (!text) return tl::unexpected(with_context(std::move(text).error(), path));
  return *std::move(text);
}

Result<std::string> read_input(const std::string& path, std::size_t max_bytes) {
  if (path == "-") return read_descriptor(STDIN_FILENO, max_bytes, SteadyTime::max());
  auto text = TRY(read_file(path, max_bytes));
  if (text) return *std::move(text);
  return unreadable(path + ": there is no such file");
}

}  // namespace lamplighter
