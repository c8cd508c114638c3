#include "scheduler/watched_file.h"

#include "base/read_input.h"

namespace lamplighter::scheduler {
namespace {

constexpr std::size_t kMaxFile = std::size_t{2} << 20;  // past what a fleet file may have: the parser says so

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

WatchedFile::Stamp WatchedFile::stamp() const {
  struct stat found {};
  if (::stat(path_.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino, found.st_size, nanoseconds(found.st_mtim), nanoseconds(found.st_ctim)};
}

Result<std::string> WatchedFile::read() {
  mark();  // before reading: what is written meanwhile is a change
  return read_input(path_, kMaxFile);
}

bool WatchedFile::has_changed() {
  const Stamp now = stamp();
  const bool still = now == std::exchange(seen_, now);
  return now != read_ && still;
}

std::optional<Result<std::string>> WatchedFile::changed() {
  if (!has_changed()) return std::nullopt;
  return read();
}

}  // namespace lamplighter::scheduler
