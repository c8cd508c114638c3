#include "http/socket_path.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace lamplighter::http {

SocketPath::SocketPath(const std::filesystem::path& path) : text_(path.string()) {
  if (text_.size() <= kLongest) return;
  directory_ = ::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory_ >= 0) text_ = fmt::format("/proc/self/fd/{}/{}", directory_, path.filename().string());
}

SocketPath::~SocketPath() {
  if (directory_ >= 0) ::close(directory_);
}

}  // namespace lamplighter::http
