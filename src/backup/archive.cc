#include "backup/archive.h"

#include <fstream>

#include <fmt/format.h>

#include "base/hash.h"
#include "database/database_file.h"
#include "database/statements.h"

namespace lamplighter::backup {
namespace {

constexpr std::size_t kPartBytes = std::size_t{1} << 20;
constexpr std::size_t kMostFiles = 16;

const database::Format& format() {
  static const database::Format made{0x4c616d42,
                                     {R"sql(
CREATE TABLE backup (id INTEGER PRIMARY KEY CHECK (id = 0), made INTEGER NOT NULL);
CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parts INTEGER NOT NULL);
CREATE TABLE part (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, number INTEGER NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE UNIQUE INDEX part_of_file ON part (file, number);
)sql"},
                                     ""};
  return made;
}

tl::unexpected<Error> invalid(const std::filesystem::path& file, std::string_view why) {
  return fail(ErrorKind::bad_input, "InvalidBackup",
              fmt::format("{} is no whole backup: {}. Nothing was changed", file.string(), why));
}

/// Whatever is thrown while a file of others' is read is that file's fault.
template <class Work>
auto attempt(const std::filesystem::path& file, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    return invalid(file, error.what());
  }
}

}  // namespace

ArchiveWriter::ArchiveWriter(const std::filesystem::path& file, Time made)
    : database_(file.string(), SQLite::OPEN_READWRITE), transaction_([&]() -> SQLite::Database& {
        database_.exec("PRAGMA journal_mode = OFF");  // a file that isn't finished is thrown away
        database_.exec("PRAGMA synchronous = OFF");
        return database_;
      }()) {
  database_.exec(fmt::format("PRAGMA application_id = {}", format().application_id));
  database_.exec(fmt::format("PRAGMA user_version = {}", format().version()));
  database::migrate(database_, format(), 0, format().version());
  SQLite::Statement put(database_, "INSERT INTO backup VALUES (0, ?)");
  put.bind(1, database::milliseconds(made));
  put.exec();
}

Status ArchiveWriter::add(const std::string& name, const std::filesystem::path& file) {
  const auto id = database_.execAndGet("SELECT count(*) FROM file").getInt64();
  SQLite::Statement put(database_, "INSERT INTO part (file, number, sha256, bytes) VALUES (?, ?, ?, ?)");
  std::ifstream in(file, std::ios::binary);
  std::string part(kPartBytes, '\0');
  std::int64_t number = 0;
  for (; in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0; ++number) {
    const std::string_view bytes(part.data(), static_cast<std::size_t>(in.gcount()));
    put.bind(1, id);
    put.bind(2, number);
    put.bind(3, to_hex(sha256(bytes)));
    put.bindNoCopy(4, bytes.data(), static_cast<int>(bytes.size()));
    put.exec();
    put.reset();
  }
  if (!in.eof() || in.bad())
    return fail(ErrorKind::internal, "Backup", fmt::format("{} can't be read", file.string()));
  SQLite::Statement row(database_, "INSERT INTO file VALUES (?, ?, ?)");
  row.bind(1, id);
  row.bind(2, name);
  row.bind(3, number);
  row.exec();
  return {};
}

void ArchiveWriter::close() { transaction_.commit(); }

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::open(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return invalid(file, "there is no such file");
  if (std::filesystem::is_regular_file(file, error) && std::filesystem::is_empty(file, error))
    return invalid(file, "it is empty");
  if (const Status checked = database::check_file(file, format(), "Nothing was changed"); !checked) {
    const bool too_new = checked.error().code == "DatabaseTooNew";
    return fail(ErrorKind::bad_input, too_new ? "BackupTooNew" : "InvalidBackup", checked.error().message);
  }
  return attempt(file, [&]() -> Result<std::unique_ptr<ArchiveReader>> {
    std::unique_ptr<ArchiveReader> reader(new ArchiveReader(file));
    CHECK_OK(reader->read_contents());
    return reader;
  });
}

Status ArchiveReader::read_contents() {
  const auto pages = database_.execAndGet("PRAGMA page_count").getInt64();
  const auto bytes = pages * database_.execAndGet("PRAGMA page_size").getInt64();
  if (static_cast<std::uintmax_t>(bytes) != std::filesystem::file_size(file_))
    return invalid(file_, "it is cut off");
  SQLite::Statement made(database_, "SELECT made FROM backup");
  if (!made.executeStep()) return invalid(file_, "it was never finished");
  made_ = database::moment_or_none(database::time_of(made.getColumn(0).getInt64()));
  SQLite::Statement names(database_, "SELECT name FROM file ORDER BY id");
  while (names.executeStep()) {
    names_.push_back(names.getColumn(0).getString());
    if (names_.size() > kMostFiles) return invalid(file_, "it holds too many files");
  }
  return {};
}

Status ArchiveReader::read(const std::string& name, const std::function<Status(std::string_view)>& take) {
  return attempt(file_, [&] { return read_parts(name, take); });
}

Status ArchiveReader::read_parts(const std::string& name,
                                 const std::function<Status(std::string_view)>& take) {
  SQLite::Statement file(database_, "SELECT id, parts FROM file WHERE name = ?");
  file.bind(1, name);
  if (!file.executeStep()) return invalid(file_, fmt::format("it lacks {}", name));
  SQLite::Statement parts(
      database_, "SELECT number, sha256, length(bytes), bytes FROM part WHERE file = ? ORDER BY number");
  parts.bind(1, file.getColumn(0).getInt64());
  std::int64_t number = 0;
  for (; parts.executeStep(); ++number) {
    const auto damaged = [&] {
      return invalid(file_, fmt::format("part {} of {} is damaged", number + 1, name));
    };
    const auto size = parts.getColumn(2).getInt64();
    if (parts.getColumn(0).getInt64() != number || size < 1 || size > static_cast<std::int64_t>(kPartBytes))
      return damaged();
    const auto blob = parts.getColumn(3);
    const std::string_view bytes(static_cast<const char*>(blob.getBlob()),
                                 static_cast<std::size_t>(blob.getBytes()));
    if (to_hex(sha256(bytes)) != parts.getColumn(1).getString()) return damaged();
    CHECK_OK(take(bytes));
  }
  if (number == file.getColumn(1).getInt64()) return {};
  return invalid(file_, fmt::format("{} is cut off", name));
}

}  // namespace lamplighter::backup
