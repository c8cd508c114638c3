// The time zones of a directory of TZif files, such as /usr/share/zoneinfo, as they are now: the system's
// update of a zone is seen by a process that runs. Safe from several threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "schedule/zone.h"

namespace lamplighter::schedule {

class ZoneDatabase {
 public:
  /// For how long a zone that was looked at is taken to be the same.
  static constexpr Duration kFresh = std::chrono::seconds{1};

  /// The clock must outlive it.
  ZoneDatabase(std::string directory, const Clock& clock);

  /// The zone of an IANA name; nullptr where the directory has none of that name. Its file is read again
  /// where it is another than before. One that is gone or can't be read any more stays what it was. "UTC"
  /// needs no file.
  std::shared_ptr<const Zone> find(const std::string& name);

  /// The names that find() knows, sorted. Reads every file.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  /// By which a file is seen to be another one.
  struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_seconds = 0;
    std::int64_t modified_nanoseconds = 0;
    bool operator==(const FileId&) const = default;
  };
  struct Known {
    std::shared_ptr<const Zone> zone;
    FileId file;
    Time looked_at;  ///< on the steady clock
  };

  [[nodiscard]] std::string path_of(const std::string& name) const { return directory_ + "/" + name; }
  static std::optional<FileId> file_id(const std::string& path);
  static std::shared_ptr<const Zone> read(const std::string& path);
  void look_again(const std::string& name, Known& known) const;

  std::string directory_;
  const Clock& clock_;
  Mutex mutex_;
  std::map<std::string, Known> known_ GUARDED_BY(mutex_);  ///< never more than the directory has files
};

}  // namespace lamplighter::schedule
