// A request and its answer: plain data, the same for the client, the server and the simulated cloud.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamplighter::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "POST";
  std::string url;  ///< scheme, host, port, path, query; as a server gets it, path and query: "/a?b=c"
  Headers headers;  ///< in the order in which they came or go
  std::string body;
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
