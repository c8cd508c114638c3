// The live view: environments side by side, each with its phases, how many servers are ready, how long it
// takes and what is being waited for.
#pragma once

#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "console/terminal.h"
#include "console/view.h"

namespace lamplighter::console {

/// The picture of one moment. Fits the screen: where cards do not, each environment is one line, and where
/// those do not either, the ended ones are counted only. `tick` turns the wheels of what is being worked on;
/// below stand the `notices`.
std::vector<Line> draw_run(const run::RunProgress& run, Time now, const Screen& screen, unsigned tick,
                           const std::vector<std::string>& notices = {});

class LiveView final : public run::Observer {
 public:
  explicit LiveView(std::FILE* file) : terminal_(file) {}
  void show(const run::RunProgress& run, Time now) override;
  void finish(const run::RunProgress& run, Time now) override;
  void tell(const run::Notice& notice) override;

 private:
  struct Told {
    std::string text;
    std::optional<unsigned> until;  ///< the tick from which it isn't shown; nullopt for never
  };
  std::vector<std::string> notices();

  Terminal terminal_;
  std::mutex mutex_;  ///< of what follows
  unsigned tick_ = 0;
  std::vector<Told> told_;
};

}  // namespace lamplighter::console
