// A line for each step of a run: for logs, pipes and schedulers.
#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "console/report_error.h"
#include "console/view.h"

namespace lamplighter::console {

class PlainView final : public run::Observer {
 public:
  /// Writes to `out`, which stays the caller's.
  explicit PlainView(std::FILE* out) : out_(out) {}
  void show(const run::RunProgress& run, Time now) override;
  void finish(const run::RunProgress& run, Time now) override { show(run, now); }
  void tell(const run::Notice& notice) override { report_trouble(notice.text); }

 private:
  void show_environment(const run::RunProgress& run, const run::EnvironmentProgress& environment);
  void show_phase(const run::RunProgress& run, const run::EnvironmentProgress& environment,
                  const run::PhaseProgress& phase);
  /// Notes `text` unless it was the last that `about` had.
  void line(Time at, const std::string& about, const std::string& text);
  /// Prints what was noted, in the order of time.
  void print(Time started);

  std::FILE* out_;
  std::map<std::string, std::string> last_;
  std::vector<std::pair<Time, std::string>> noted_;
};

}  // namespace lamplighter::console
