// Where executions are looked at, started and stopped: the process that holds a state directory, by way of
// its socket; this process, where nobody holds it; or a fleet's deployment on AWS.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/client/rest_call.h"
#include "base/clock.h"
#include "base/result.h"
#include "coordination/table.h"
#include "engine/runtime/executions.h"
#include "run/cloud_access.h"
#include "run/holder.h"
#include "run/overview.h"
#include "tasks/protocol/lease.h"

namespace lamplighter::run {

struct Place {
  std::string state_dir;  ///< as state_directory() takes it

  /// A fleet that was deployed.
  struct Cloud {
    std::string file;                   ///< of the fleet
    std::string region;                 ///< that its machines stand in
    std::vector<std::string> machines;  ///< their names
    std::string schedules;              ///< the group of its schedules
    AwsOptions aws;
  };
  std::optional<Cloud> cloud;  ///< instead of a state directory
};

class Desk {
 public:
  virtual ~Desk() = default;

  [[nodiscard]] virtual engine::Executions& executions() = 0;
  /// Who carries on what is running in the state directory; nullptr for nobody, and for AWS.
  [[nodiscard]] virtual const Holder* holder() const { return nullptr; }
  /// What its way to AWS (the holder's, or this process's) shows of a run's environments. Error: where there
  /// is no holder, or it can't say.
  [[nodiscard]] virtual Result<Overview> overview(const machine::Shape& shape);
  /// Whether an execution that is running goes on.
  [[nodiscard]] virtual bool is_worked_at(const std::string& /*arn*/) const { return true; }
  /// The way to its schedules; nullptr where nobody fires any.
  [[nodiscard]] virtual aws::RestCaller* schedules() { return nullptr; }
  /// The table by which runs with such a coordination agree. Errors: bad_input "NoTable" where they agree by
  /// none; SqliteTable's.
  virtual Result<std::unique_ptr<coordination::Table>> table(const tasks::Coordination& coordination) = 0;
  /// What the executions' times are of.
  [[nodiscard]] virtual const Clock& clock() const;
  /// How often it may be asked for news.
  [[nodiscard]] virtual std::chrono::milliseconds pace() const { return std::chrono::milliseconds(250); }
};

/// The error of who wants to say something to runs that agree by no table.
tl::unexpected<Error> no_table();

/// What somebody wants there: who only looks may do so in a directory that may only be read.
enum class Purpose { look, change };

/// Whoever has just begun to hold the directory, or only looks, is waited for, for a moment. Errors: as
/// open_to_look(), engine::ReadOnlyCopy::make and CloudAccess::make; bad_input "StateDirectoryInUse" for a
/// holder without a socket.
Result<std::unique_ptr<Desk>> open_desk(const Place& place, Purpose purpose = Purpose::look);

/// The desk of the process that holds the directory; nullptr where none answers. LAMPLIGHTER_SOCKET names
/// another socket than the directory's own. Where nothing is named and the usual directory has nobody, the
/// packaged daemon's socket is asked, if this user may. Error: as state_directory(), and what the process
/// says; bad_input "NobodyThere" for a socket that is named.
Result<std::unique_ptr<Desk>> desk_of_holder(const std::string& state_dir);

/// Of this directory's own socket, whatever else there is.
Result<std::unique_ptr<Desk>> desk_of_directory(const std::filesystem::path& state_dir);

}  // namespace lamplighter::run
