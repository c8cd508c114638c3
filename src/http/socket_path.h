// A path as the address of a Unix-domain socket, which takes 107 bytes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace lamplighter::http {

/// A longer path is named by way of its directory, which is held open meanwhile: text() is for this process,
/// and as long as this lives.
class SocketPath {
 public:
  static constexpr std::size_t kLongest = 107;

  /// "" for no socket.
  explicit SocketPath(const std::filesystem::path& path);
  SocketPath(const SocketPath&) = delete;
  SocketPath& operator=(const SocketPath&) = delete;
  ~SocketPath();

  /// Longer than kLongest where there is no such directory.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  int directory_ = -1;
};

}  // namespace lamplighter::http
