#include "base/host.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace lamplighter {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;

/// Everything from `file`; nullopt where it is longer than kMaxBytes.
std::optional<std::string> read_all(std::FILE* file) {
  std::string text;
  std::array<char, 8192> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file)) {
    text.append(buffer.data(), count);
    if (text.size() > kMaxBytes) return std::nullopt;
  }
  return text;
}

}  // namespace

std::optional<std::string> SystemHost::variable(const std::string& name) const {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Result<std::optional<std::string>> SystemHost::read_file(const std::string& path) const {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return fail(ErrorKind::bad_input, "UnreadableFile", path + ": " + std::strerror(errno));
  }
  auto text = read_all(file.get());
  if (std::ferror(file.get()) != 0) {
    return fail(ErrorKind::bad_input, "UnreadableFile", path + ": can't be read as a file");
  }
  if (!text) return fail(ErrorKind::bad_input, "UnreadableFile", path + ": longer than 1 MiB");
  return text;
}

Result<std::string> SystemHost::run(const std::string& command) const {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return fail(ErrorKind::bad_input, "CommandFailed", std::strerror(errno));
  auto text = read_all(pipe);
  const int status = ::pclose(pipe);
  if (!text) return fail(ErrorKind::bad_input, "CommandFailed", "its output is longer than 1 MiB");
  if (status != 0) return fail(ErrorKind::bad_input, "CommandFailed", "it ended with an error");
  return *std::move(text);
}

}  // namespace lamplighter
