#include "deploy/write.h"

#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace lamplighter::deploy {
namespace {

namespace fs = std::filesystem;

Status write_file(const fs::path& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return fail(ErrorKind::internal, "WriteFailed", fmt::format("can't write {}", path.string()));
}

void remove_stale(const fs::path& directory, const Files& files) {
  for (const char* folder : {"definitions", "roles"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory / folder, error)) {
      const std::string name = entry.path().filename().string();
      const bool ours =
          name.ends_with(".asl.json") || name.ends_with(".policy.json") || name.ends_with(".trust.json");
      if (ours && !files.contains(fmt::format("{}/{}", folder, name))) fs::remove(entry.path(), error);
    }
  }
}

}  // namespace

Status write(const Files& files, const fs::path& directory) {
  for (const auto& [path, text] : files) CHECK_OK(write_file(directory / path, text));
  remove_stale(directory, files);
  return {};
}

}  // namespace lamplighter::deploy
