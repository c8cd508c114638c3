#include "database/database_file.h"

#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "database/statements.h"

namespace lamplighter::database {
namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kUserVersionAt = 60;
constexpr std::size_t kApplicationIdAt = 68;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[i]);
  return out;
}

tl::unexpected<Error> corrupted(const std::filesystem::path& file, std::string_view why) {
  return fail(ErrorKind::internal, "DatabaseCorrupted",
              fmt::format("{} is damaged or is not Lamplighter's: {}", file.string(), why));
}

tl::unexpected<Error> too_new(const std::filesystem::path& file, std::uint32_t version,
                              const Format& format) {
  return fail(ErrorKind::internal, "DatabaseTooNew",
              fmt::format("{} has format {}, this version of Lamplighter reads up to {}: use a newer one",
                          file.string(), version, format.version()));
}

Status check_header(const std::filesystem::path& file, std::string_view header, const Format& format) {
  if (header.size() < kHeaderBytes || !header.starts_with(std::string_view("SQLite format 3\0", 16))) {
    return corrupted(file, "it is no SQLite database");
  }
  if (big_endian(header.substr(kApplicationIdAt, 4)) != format.application_id) {
    return corrupted(file, "another program made it");
  }
  const auto version = big_endian(header.substr(kUserVersionAt, 4));
  if (version > format.version()) return too_new(file, version, format);
  return {};
}

Status check_content(const std::filesystem::path& file, const Format& format) {
  try {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    database.setBusyTimeout(1000);
    const auto version = database.execAndGet("PRAGMA user_version").getUInt();
    if (version > format.version()) return too_new(file, version, format);
    const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
    if (found != "ok") return corrupted(file, found);
    if (const auto problem = schema_problem(database, format, version); !problem.empty())
      return corrupted(file, problem);
  } catch (const SQLite::Exception& error) {
    if (is_trouble_of_disk(error))
      return tl::unexpected(with_context(database_error(error).value(), file.string()));
    return corrupted(file, error.what());
  }
  return {};
}

/// A write-ahead log whose database was moved away would be replayed onto the next one. It may hold what that
/// database still needs, so it is put aside rather than deleted.
void put_aside_log(const std::filesystem::path& file) {
  const auto beside = [&](const char* suffix) { return std::filesystem::path(file).concat(suffix); };
  std::filesystem::remove(beside("-shm"));
  for (const auto* suffix : {"-wal", "-journal"}) {
    const auto log = beside(suffix);
    if (std::filesystem::exists(log)) std::filesystem::rename(log, std::filesystem::path(log).concat(".old"));
  }
}

/// Makes an empty database beside its place and moves it there, so that no crash leaves half of one. The ids
/// in the header are written before the write-ahead log is switched on, so that check_file() finds them
/// in the file itself.
void make_database(const std::filesystem::path& file, const Format& format) {
  const auto fresh = std::filesystem::path(file).concat(".new");
  std::filesystem::remove(fresh);
  std::filesystem::remove(std::filesystem::path(fresh).concat("-journal"));
  {
    SQLite::Database database(fresh.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec("PRAGMA synchronous = FULL");
    SQLite::Transaction transaction(database);
    database.exec(fmt::format("PRAGMA application_id = {}", format.application_id));
    database.exec(fmt::format("PRAGMA user_version = {}", format.version()));
    migrate(database, format, 0, format.version());
    transaction.commit();
  }
  std::filesystem::permissions(fresh,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  put_aside_log(file);
  std::filesystem::rename(fresh, file);
}

/// A directory, locked against other processes (and threads) while this lives.
class LockedDirectory {
 public:
  explicit LockedDirectory(const std::filesystem::path& directory)
      : file_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (file_ < 0 || ::flock(file_, LOCK_EX) != 0) {
      const std::error_code error(errno, std::system_category());
      if (file_ >= 0) ::close(file_);
      throw std::filesystem::filesystem_error("cannot lock", directory, error);
    }
  }
  ~LockedDirectory() { ::close(file_); }
  LockedDirectory(const LockedDirectory&) = delete;
  LockedDirectory& operator=(const LockedDirectory&) = delete;

 private:
  int file_;
};

bool is_missing(const std::filesystem::path& file) {
  return !std::filesystem::exists(file) || std::filesystem::file_size(file) == 0;
}

Status check_unadvised(const std::filesystem::path& file, const Format& format) {
  std::error_code error;
  const auto found = std::filesystem::status(file, error);
  if (found.type() == std::filesystem::file_type::not_found) return {};
  if (!std::filesystem::is_regular_file(found)) return corrupted(file, "it is no file");
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size == 0) return {};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail(ErrorKind::internal, "Database", fmt::format("cannot read {}", file.string()));
  std::string header(kHeaderBytes, '\0');
  stream.read(header.data(), static_cast<std::streamsize>(header.size()));
  header.resize(static_cast<std::size_t>(stream.gcount()));
  CHECK_OK(check_header(file, header, format));
  return check_content(file, format);
}

}  // namespace

Status check_file(const std::filesystem::path& file, const Format& format, std::string_view done) {
  Status checked = check_unadvised(file, format);
  if (!checked && checked.error().code == "DatabaseCorrupted")
    checked.error().message += fmt::format(". {}", done);
  return checked;
}

void make_missing(const std::filesystem::path& file, const Format& format) {
  if (!is_missing(file)) return;
  // Of two that find none, the second must not make another below the first's feet.
  const LockedDirectory locked(std::filesystem::absolute(file).parent_path());
  if (is_missing(file)) make_database(file, format);
}

void prepare(SQLite::Database& database) {
  database.setBusyTimeout(10'000);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA journal_size_limit = 67108864");
}

/// The file's header says so before anything else is written: an older program looks there.
void bring_up_to_date(SQLite::Database& database, const Format& format) {
  const auto found = database.execAndGet("PRAGMA user_version").getUInt();
  if (found == format.version()) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  migrate(database, format, found, format.version());
  database.exec(fmt::format("PRAGMA user_version = {}", format.version()));
  transaction.commit();
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace lamplighter::database
