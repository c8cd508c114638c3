#include "schedule/zone_database.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include <sys/stat.h>

#include "base/read_input.h"
#include "schedule/tzif.h"

namespace lamplighter::schedule {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxFile = std::size_t{256} << 10;  // the largest of tzdata has 4 KB

bool belongs_to_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '+' || c == '/';
}

/// True for what may be a zone's name: it stays in the directory, and in its part without leap seconds.
bool is_name(std::string_view name) {
  // posix/ and right/ hold the same zones again, the others stand for one of them on this machine.
  static constexpr std::array<std::string_view, 2> kOthers{"localtime", "posixrules"};
  return !name.empty() && name.size() <= kMaxName && name.front() != '/' && name.back() != '/' &&
         name.find("//") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), belongs_to_a_name) && !name.starts_with("posix/") &&
         !name.starts_with("right/") && std::find(kOthers.begin(), kOthers.end(), name) == kOthers.end();
}

}  // namespace

ZoneDatabase::ZoneDatabase(std::string directory, const Clock& clock)
    : directory_(std::move(directory)), clock_(clock) {}

std::optional<ZoneDatabase::FileId> ZoneDatabase::file_id(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return FileId{found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

std::shared_ptr<const Zone> ZoneDatabase::read(const std::string& path) {
  const auto bytes = read_file(path, kMaxFile);
  if (!bytes || !*bytes) return nullptr;
  auto zone = read_tzif(**bytes);
  return zone ? std::make_shared<const Zone>(*std::move(zone)) : nullptr;
}

void ZoneDatabase::look_again(const std::string& name, Known& known) const {
  const auto file = file_id(path_of(name));
  if (!file || (known.zone && *file == known.file)) return;
  // The id is from before the reading: what changes meanwhile is read once more the next time.
  if (auto zone = read(path_of(name))) {
    known.zone = std::move(zone);
    known.file = *file;
  }
}

std::shared_ptr<const Zone> ZoneDatabase::find(const std::string& name) {
  if (!is_name(name)) return nullptr;
  const Time now = clock_.steady();
  const MutexLock lock(mutex_);
  const auto found = known_.find(name);
  if (found != known_.end() && now - found->second.looked_at < kFresh) return found->second.zone;
  Known known = found == known_.end() ? Known{} : found->second;
  look_again(name, known);
  if (!known.zone) return name == "UTC" ? std::make_shared<const Zone>() : nullptr;
  known.looked_at = now;
  known_.insert_or_assign(name, known);
  return known.zone;
}

std::vector<std::string> ZoneDatabase::names() const {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  fs::recursive_directory_iterator at(directory_, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string name = at->path().lexically_relative(directory_).string();
    if (at->is_directory(error) && (name == "posix" || name == "right")) at.disable_recursion_pending();
    if (is_name(name) && file_id(path_of(name)) && read(path_of(name))) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace lamplighter::schedule
