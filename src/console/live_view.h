// The live view: environments side by side, each with its phases, how many servers are ready, how long it
// takes and what is being waited for.
#pragma once

#include <cstdio>
#include <vector>

#include "console/terminal.h"
#include "console/view.h"

namespace lamplighter::console {

/// The picture of one moment. Fits the screen: where cards do not, each environment is one line, and where
/// those do not either, the ended ones are counted only. `tick` turns the wheels of what is being worked on.
std::vector<Line> draw_run(const run::RunProgress& run, Time now, const Screen& screen, unsigned tick);

class LiveView final : public run::Observer {
 public:
  explicit LiveView(std::FILE* file) : terminal_(file) {}
  void show(const run::RunProgress& run, Time now) override;
  void finish(const run::RunProgress& run, Time now) override;

 private:
  Terminal terminal_;
  unsigned tick_ = 0;
};

}  // namespace lamplighter::console
