#include "engine/store/state_directory.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace lamplighter::engine {
namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kUserVersionAt = 60;
constexpr std::size_t kApplicationIdAt = 68;

std::string read_lock_owner(int file) {
  std::array<char, 32> text{};
  const auto length = ::pread(file, text.data(), text.size() - 1, 0);
  std::string owner(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!owner.empty() && (owner.back() < '0' || owner.back() > '9')) owner.pop_back();
  return owner.empty() ? "unknown" : owner;
}

void write_lock_owner(int file) {
  const std::string owner = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0) return;  // the number is for people only
  [[maybe_unused]] const auto written = ::pwrite(file, owner.data(), owner.size(), 0);
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[i]);
  return out;
}

tl::unexpected<Error> corrupted(const std::filesystem::path& file, std::string_view why) {
  return fail(
      ErrorKind::internal, "DatabaseCorrupted",
      fmt::format(
          "{} is damaged or is not Lamplighter's: {}. It was left as it is; move it away to begin anew",
          file.string(), why));
}

tl::unexpected<Error> too_new(const std::filesystem::path& file, std::uint32_t version) {
  return fail(ErrorKind::internal, "DatabaseTooNew",
              fmt::format("{} has format {}, this version of Lamplighter reads up to {}: use a newer one",
                          file.string(), version, kFormatVersion));
}

Status check_header(const std::filesystem::path& file, std::string_view header) {
  if (header.size() < kHeaderBytes || !header.starts_with(std::string_view("SQLite format 3\0", 16))) {
    return corrupted(file, "it is no SQLite database");
  }
  if (big_endian(header.substr(kApplicationIdAt, 4)) != kApplicationId) {
    return corrupted(file, "another program made it");
  }
  const auto version = big_endian(header.substr(kUserVersionAt, 4));
  if (version > kFormatVersion) return too_new(file, version);
  return {};
}

Status check_content(const std::filesystem::path& file) {
  try {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    database.setBusyTimeout(1000);
    const auto version = database.execAndGet("PRAGMA user_version").getUInt();
    if (version > kFormatVersion) return too_new(file, version);
    const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
    if (found != "ok") return corrupted(file, found);
  } catch (const SQLite::Exception& error) {
    return corrupted(file, error.what());
  }
  return {};
}

}  // namespace

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(directory, error);
  if (!error && made) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  if (error) {
    return fail(ErrorKind::internal, "StateDirectory",
                fmt::format("cannot make {}: {}", directory.string(), error.message()));
  }
  const auto path = directory / "lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(ErrorKind::internal, "StateDirectory",
                fmt::format("cannot open {}: {}", path.string(), std::strerror(errno)));
  }
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const auto owner = read_lock_owner(file);
    ::close(file);
    return fail(
        ErrorKind::bad_input, "StateDirectoryInUse",
        fmt::format(
            "the state directory {} is in use by another lamplighter (process {}); wait for it, stop it, or "
            "choose another directory with --state-dir",
            directory.string(), owner));
  }
  write_lock_owner(file);
  return DirectoryLock(file);
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

Status check_database(const std::filesystem::path& file) {
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
  CHECK_OK(check_header(file, header));
  return check_content(file);
}

}  // namespace lamplighter::engine
