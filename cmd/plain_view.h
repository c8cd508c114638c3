// A line for each step of a run: for logs, pipes and schedulers.
#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cmd/view.h"

namespace lamplighter::cmd {

class PlainView final : public View {
 public:
  /// Writes to `out`, which stays the caller's.
  explicit PlainView(std::FILE* out) : out_(out) {}
  void show(const RunProgress& run, Time now) override;
  void finish(const RunProgress& run, Time now) override { show(run, now); }

 private:
  void show_environment(const RunProgress& run, const EnvironmentProgress& environment);
  void show_phase(const RunProgress& run, const EnvironmentProgress& environment, const PhaseProgress& phase);
  /// Notes `text` unless it was the last that `about` had.
  void line(Time at, const std::string& about, const std::string& text);
  /// Prints what was noted, in the order of time.
  void print(Time started);

  std::FILE* out_;
  std::map<std::string, std::string> last_;
  std::vector<std::pair<Time, std::string>> noted_;
};

}  // namespace lamplighter::cmd
