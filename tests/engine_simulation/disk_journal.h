// A history in the engine's real database, on a disk that fills up, fails and tears.
#pragma once

#include <filesystem>
#include <memory>

#include "base/random.h"
#include "engine/store/store.h"
#include "engine/virtual/simulation.h"
#include "tests/support/faulty_disk.h"

namespace lamplighter::engine::proof {

/// One execution's. One at a time in a process.
class DiskJournal final : public Journal {
 public:
  /// Makes a new database at `file`. Each append fails in one of its first writes with the probability
  /// `trouble`.
  static Result<std::unique_ptr<DiskJournal>> make(const std::filesystem::path& file, Random random,
                                                   double trouble);

  Status append(const std::vector<Event>& events) override;
  Status read(const std::function<Status(const std::vector<Event>&)>& take) override;

  [[nodiscard]] std::size_t failures() const { return failures_; }

 private:
  DiskJournal(std::filesystem::path file, Random random, double trouble)
      : file_(std::move(file)), random_(random), trouble_(trouble) {}
  Status reopen();
  Status write(const std::vector<Event>& events);

  std::filesystem::path file_;
  Random random_;
  double trouble_;
  FaultyDisk disk_;
  std::unique_ptr<Store> store_;
  std::int64_t execution_ = 0;
  std::int64_t chunks_ = 0;
  std::int64_t last_event_ = 0;
  std::size_t failures_ = 0;
};

}  // namespace lamplighter::engine::proof
