#include "tests/engine_simulation/disk_journal.h"

#include <algorithm>

namespace lamplighter::engine::proof {

Result<std::unique_ptr<DiskJournal>> DiskJournal::make(const std::filesystem::path& file, Random random,
                                                       double trouble) {
  for (const auto* suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(std::filesystem::path(file).concat(suffix));
  std::unique_ptr<DiskJournal> journal(new DiskJournal(file, random, trouble));
  CHECK_OK(journal->reopen());
  ExecutionRow row;
  row.arn = row.name = "simulated";
  journal->execution_ = TRY(journal->store_->add_execution(row));
  return journal;
}

/// As a new process: nothing is left but what is on disk.
Status DiskJournal::reopen() {
  store_.reset();
  disk_.repair();
  store_ = TRY(Store::open(file_));
  return {};
}

Status DiskJournal::append(const std::vector<Event>& events) {
  const auto writes = static_cast<int>(random_.below(3));
  if (random_.chance(trouble_)) {
    const auto kind = random_.below(3);
    if (kind == 0) disk_.fill_up(writes);
    if (kind == 1) disk_.fail(writes);
    if (kind == 2) disk_.tear(writes);
  }
  const auto written = write(events);
  disk_.repair();
  if (written) return {};
  ++failures_;
  store_->rollback();
  return written;
}

Status DiskJournal::write(const std::vector<Event>& events) {
  std::int64_t last = last_event_;
  for (const auto& event : events) last = std::max(last, event.id);
  CHECK_OK(store_->begin());
  CHECK_OK(store_->append({execution_, chunks_, last, 0, write_records(events)}));
  CHECK_OK(store_->commit());
  ++chunks_;
  last_event_ = last;
  return {};
}

Status DiskJournal::read(const std::function<Status(const std::vector<Event>&)>& take) {
  CHECK_OK(reopen());
  if (chunks_ == 0) return {};
  CHECK_OK(store_->history(execution_, take));
  return {};
}

}  // namespace lamplighter::engine::proof
