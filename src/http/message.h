// A request and its answer: plain data, the same for the client, the server and the simulated cloud.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamplighter::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The process at the other end of a Unix-domain socket, as the kernel knows it.
struct Peer {
  std::int64_t pid = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

struct Request {
  std::string method = "POST";
  std::string url;  ///< scheme, host, port, path, query; as a server gets it, path and query: "/a?b=c"
  Headers headers;  ///< in the order in which they came or go
  std::string body;
  std::optional<Peer> peer = std::nullopt;  ///< whose it is; only a server on a Unix-domain socket knows
  std::string address = {};  ///< from which it comes: "10.0.0.7"; only a server on a port knows
};

/// A server adds Content-Length and Connection by itself.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

/// The first header called `name`, in any case; "" where there is none.
std::string_view header(const Headers& headers, std::string_view name);

}  // namespace lamplighter::http
