// A disk that fills up, fails and tears on command, for SQLite's databases: it writes through these system
// calls.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>

#include <sqlite3.h>
#include <unistd.h>

namespace lamplighter {

/// Every database of the process is on it while it exists. One at a time; its calls are safe from several
/// threads.
class FaultyDisk {
 public:
  FaultyDisk() {
    state() = State{};
    replace(reinterpret_cast<sqlite3_syscall_ptr>(&write_at));
  }
  ~FaultyDisk() { replace(nullptr); }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  /// From the write after the next `writes` on there is no room.
  void fill_up(int writes = 0) { fail_with(ENOSPC, writes); }
  /// From then on there is no room in that directory, and below.
  void fill_up_below(const std::filesystem::path& directory) {
    state().directory = std::filesystem::canonical(directory).string() + "/";
    fail_with(ENOSPC, 0);
  }
  /// From then on the disk fails.
  void fail(int writes = 0) { fail_with(EIO, writes); }
  /// That write is cut in half, and none follows it: as when the power goes.
  void tear(int writes = 0) {
    state().torn = true;
    fail_with(EIO, writes);
  }
  /// All is well from now on.
  void repair() {
    state().torn = false;
    fail_with(0, 0);
  }

 private:
  struct State {
    std::atomic<int> error = 0;
    std::atomic<int> good_writes = 0;
    std::atomic<bool> torn = false;
    std::string directory;  ///< "" for the whole disk; set before the error is

    State() = default;
    State& operator=(const State& other) {
      error = other.error.load();
      good_writes = other.good_writes.load();
      torn = other.torn.load();
      directory = other.directory;
      return *this;
    }
  };

  static State& state() {
    static State of_the_process;
    return of_the_process;
  }

  static void fail_with(int error, int writes) {
    state().good_writes = writes;
    state().error = error;
  }

  static void replace(sqlite3_syscall_ptr call) {
    auto* system = sqlite3_vfs_find(nullptr);
    for (const auto* name : {"pwrite", "pwrite64"}) system->xSetSystemCall(system, name, call);
  }

  static bool is_meant(int file) {
    const auto& directory = state().directory;
    if (directory.empty()) return true;
    std::error_code trouble;
    const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file), trouble);
    return path.string().starts_with(directory);
  }

  static ssize_t write_at(int file, const void* bytes, std::size_t count, off_t at) {
    const int error = state().error;
    if (error == 0 || !is_meant(file) || state().good_writes-- > 0) return ::pwrite(file, bytes, count, at);
    if (state().torn.exchange(false)) [[maybe_unused]]
      const auto half = ::pwrite(file, bytes, count / 2, at);
    errno = error;
    return -1;
  }
};

}  // namespace lamplighter
