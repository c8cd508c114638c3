// Stand-ins for the network and the machine, for the tests of this layer and of those above it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/host.h"
#include "http/transport.h"

namespace lamplighter::aws {

/// A machine of plain data.
struct FakeHost final : Host {
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> programs;  ///< command → output

  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const override {
    return look_up(variables, name);
  }
  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& path) const override {
    return look_up(files, path);
  }
  [[nodiscard]] Result<std::string> run(const std::string& command) const override {
    if (auto output = look_up(programs, command)) return *std::move(output);
    return fail(ErrorKind::bad_input, "CommandFailed", "it ended with an error");
  }

 private:
  static std::optional<std::string> look_up(const std::map<std::string, std::string>& in,
                                            const std::string& key) {
    const auto found = in.find(key);
    if (found == in.end()) return std::nullopt;
    return found->second;
  }
};

/// Keeps what is sent and answers by its script, in order; after its end by `otherwise`.
struct FakeTransport final : http::Transport {
  std::vector<http::OutgoingRequest> requests;
  std::deque<Result<http::Response>> script;
  std::function<Result<http::Response>(const http::OutgoingRequest&)> otherwise;

  void answer(int status, std::string body, http::Headers headers = {}) {
    script.emplace_back(http::Response{status, std::move(headers), std::move(body)});
  }
  void lose(std::string code = "ConnectionError") {
    script.emplace_back(fail(ErrorKind::aws, std::move(code), "lost"));
  }

  Result<http::Response> send(const http::OutgoingRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests.push_back(request);
    if (!script.empty()) {
      auto next = std::move(script.front());
      script.pop_front();
      return next;
    }
    if (otherwise) return otherwise(request);
    return fail(ErrorKind::internal, "ScriptEnded", "no answer is left for " + request.body);
  }

 private:
  std::mutex mutex_;
};

}  // namespace lamplighter::aws
