// What the AWS layer reads of the machine that it runs on: environment variables, files, a credential
// program. Behind an interface, so that tests are hermetic.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"

namespace lamplighter {

/// Safe to use from several threads.
class Host {
 public:
  virtual ~Host() = default;
  /// An environment variable; nullopt where it is not set or empty.
  [[nodiscard]] virtual std::optional<std::string> variable(const std::string& name) const = 0;
  /// A file's bytes, at most 1 MiB; nullopt where there is no such file. Error: bad_input "UnreadableFile".
  [[nodiscard]] virtual Result<std::optional<std::string>> read_file(const std::string& path) const = 0;
  /// What `command` (a line for the shell) writes to its standard output, at most 1 MiB. Error: bad_input
  /// "CommandFailed", also where it does not end in time.
  [[nodiscard]] virtual Result<std::string> run(const std::string& command) const = 0;
};

/// The machine itself.
class SystemHost final : public Host {
 public:
  /// A program that runs for longer than `program_timeout` is killed.
  explicit SystemHost(std::chrono::milliseconds program_timeout = std::chrono::seconds(60))
      : program_timeout_(program_timeout) {}
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const override;
  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& path) const override;
  [[nodiscard]] Result<std::string> run(const std::string& command) const override;

 private:
  std::chrono::milliseconds program_timeout_;
};

}  // namespace lamplighter
