#include "http/socket_peer.h"

#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/socket_path.h"

namespace lamplighter::http {

std::optional<std::int64_t> listener_at(const std::filesystem::path& socket) {
  const SocketPath path(socket);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.text().size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(&address.sun_path[0], path.text().c_str(), path.text().size() + 1);
  // Where too many wait to be let in, nobody waits here.
  const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (file < 0) return std::nullopt;
  ucred found{};
  socklen_t size = sizeof found;
  const bool known = ::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockopt(file, SOL_SOCKET, SO_PEERCRED, &found, &size) == 0;
  ::close(file);
  if (!known || found.pid <= 0) return std::nullopt;
  return found.pid;
}

}  // namespace lamplighter::http
