// Fires the schedules of one fleet file, and goes by the file as it changes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "scheduler/dispatcher.h"
#include "scheduler/source.h"
#include "scheduler/standing.h"
#include "scheduler/watched_file.h"

namespace lamplighter::scheduler {

/// For one thread.
/// The path by which the store knows a fleet file: the same for each start of the daemon, wherever that is.
std::string key_of(const std::string& path);

/// What sets apart, in the store, how far a fleet's warnings are (fleet/warnings.h).
inline constexpr const char* kWarnings = "/warnings";

class FleetScheduler final : public Source {
 public:
  /// Reads the file, or its last good copy where it is broken; changes nothing. Errors: bad_input "Usage" for
  /// standard input; "InvalidFleet" and as machine::compile, where there is no good copy; the store's.
  static Result<std::unique_ptr<FleetScheduler>> open(const std::string& path, Surroundings surroundings);

  /// Goes on from what the store knows. To be called first. Errors: the store's.
  Status begin() override;
  /// Looks whether the file, or a calendar's file that it names, changed: a change is taken over at the
  /// second look that sees it as it is, so that whoever writes it has finished.
  void look() override;
  std::optional<Time> turn(const std::function<bool()>& ending = [] { return false; }) override;
  [[nodiscard]] Standing standing() const override;

 private:
  FleetScheduler(const std::string& path, Surroundings surroundings);
  Status read();
  using TextOf = std::function<Result<std::string>(const std::string& path)>;
  Result<fleet::Fleet> checked(const std::string& text, const TextOf& calendar_text);
  Result<fleet::Fleet> good_copy();
  /// `changed`: the files that did, by their paths.
  void take_over(const Result<std::string>& text, const std::vector<std::string>& changed);
  Status put_in_force(const fleet::Fleet& fleet, const std::map<std::string, Progress>& known,
                      const std::map<std::string, Progress>& warned);
  void say(LogEvent event, std::string message) const;

  Surroundings around_;
  Dispatcher dispatcher_;
  Dispatcher warnings_;
  WatchedFile file_;
  std::vector<WatchedFile> calendars_;  ///< those that were read last, also where they were refused
  std::map<std::string, std::string> calendar_texts_;  ///< of these, by their paths
  fleet::Fleet fleet_;                                 ///< as the file, or its last good copy, says
  std::string text_;                                   ///< of the fleet that is in force
  std::string at_fault_;                               ///< the path of the file that checked() could not use
  std::string refused_;                                ///< as Standing's
};

}  // namespace lamplighter::scheduler
