#include "run/desk.h"

#include <cerrno>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "coordination/dynamodb_table.h"
#include "coordination/sqlite_table.h"
#include "engine/store/read_only_copy.h"
#include "run/api_executions.h"
#include "run/executions.h"
#include "run/holder_overview.h"
#include "run/holder_table.h"
#include "run/socket_caller.h"

namespace lamplighter::run {
namespace {

/// For a holder to open its socket, or for one that only looks to be done.
constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::milliseconds kPause{25};
constexpr std::chrono::milliseconds kCloudPace{2'000};

/// The holder's, as it was when it was asked, and running as fast.
class HoldersClock final : public Clock {
 public:
  explicit HoldersClock(const Holder& holder)
      : clock_(holder.access.speed), ahead_(holder.now - clock_.now()) {}
  [[nodiscard]] Time now() const override { return clock_.now() + ahead_; }
  void sleep(Duration duration) override { clock_.sleep(duration); }

 private:
  SystemClock clock_;
  Duration ahead_;
};

class HoldersDesk final : public Desk {
 public:
  HoldersDesk(std::unique_ptr<SocketCaller> caller, Holder holder)
      : caller_(std::move(caller)),
        executions_(*caller_, {"us-east-1", ""}),
        holder_(std::move(holder)),
        clock_(holder_) {}
  [[nodiscard]] engine::Executions& executions() override { return executions_; }
  [[nodiscard]] const Holder* holder() const override { return &holder_; }
  [[nodiscard]] aws::RestCaller* schedules() override {
    return holder_.verb == "serve" ? caller_.get() : nullptr;
  }
  [[nodiscard]] bool is_worked_at(const std::string& arn) const override {
    return !holder_.left.contains(arn);
  }
  [[nodiscard]] Result<Overview> overview(const machine::Shape& shape) override {
    return caller_->overview(shape);
  }
  Result<std::unique_ptr<coordination::Table>> table(const tasks::Coordination& coordination) override {
    return std::make_unique<HolderTable>(*caller_, coordination);
  }
  [[nodiscard]] const Clock& clock() const override { return clock_; }

 private:
  std::unique_ptr<SocketCaller> caller_;
  ApiExecutions executions_;
  Holder holder_;
  HoldersClock clock_;
};

class OwnDesk final : public Desk {
 public:
  explicit OwnDesk(std::unique_ptr<engine::Engine> engine,
                   std::optional<engine::ReadOnlyCopy> copy = std::nullopt)
      : copy_(std::move(copy)), engine_(std::move(engine)) {}
  [[nodiscard]] engine::Executions& executions() override { return *engine_; }
  [[nodiscard]] bool is_worked_at(const std::string& /*arn*/) const override { return false; }
  Result<std::unique_ptr<coordination::Table>> table(const tasks::Coordination& coordination) override;

 private:
  std::optional<engine::ReadOnlyCopy> copy_;  ///< outlives the engine, which works on it
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<CloudAccess> access_;  ///< once DynamoDB is asked
};

std::unique_ptr<coordination::Table> dynamodb_table(aws::Session& session, const std::string& region,
                                                    const tasks::Coordination& coordination) {
  const std::string& named = coordination.region;
  return std::make_unique<coordination::DynamoDbTable>(
      session, aws::Target{named.empty() ? region : named, ""}, coordination.table);
}

Result<std::unique_ptr<coordination::Table>> OwnDesk::table(const tasks::Coordination& coordination) {
  if (coordination.kind == tasks::Coordination::Kind::none) return no_table();
  if (coordination.kind == tasks::Coordination::Kind::engine)
    return TRY(coordination::SqliteTable::open(coordination::file_in(engine_->options().state_dir)));
  static SystemClock clock;
  if (!access_) access_ = TRY(CloudAccess::make({}, clock));
  return dynamodb_table(access_->session(), "", coordination);
}

class CloudDesk final : public Desk {
 public:
  CloudDesk(std::unique_ptr<CloudAccess> access, const Place::Cloud& cloud)
      : region_(cloud.region),
        access_(std::move(access)),
        executions_(access_->session(), {cloud.region, ""}, cloud.machines),
        schedules_(access_->session()) {}
  [[nodiscard]] engine::Executions& executions() override { return executions_; }
  [[nodiscard]] aws::RestCaller* schedules() override { return &schedules_; }
  [[nodiscard]] Result<Overview> overview(const machine::Shape& shape) override {
    return overview_in_time(access_->session(), shape);
  }
  [[nodiscard]] std::chrono::milliseconds pace() const override { return kCloudPace; }
  Result<std::unique_ptr<coordination::Table>> table(const tasks::Coordination& coordination) override {
    if (coordination.kind != tasks::Coordination::Kind::table) return no_table();
    return dynamodb_table(access_->session(), region_, coordination);
  }

 private:
  std::string region_;
  std::unique_ptr<CloudAccess> access_;
  ApiExecutions executions_;
  aws::SessionRestCaller schedules_;
};

/// Where somebody answers at the socket; nullptr where nobody does.
Result<std::unique_ptr<Desk>> desk_at(const std::filesystem::path& socket) {
  std::error_code trouble;
  if (!std::filesystem::is_socket(socket, trouble)) return nullptr;
  auto caller = std::make_unique<SocketCaller>(socket);
  auto holder = caller->holder();
  if (holder) return std::make_unique<HoldersDesk>(std::move(caller), *std::move(holder));
  if (holder.error().code == kNobodyThere) return nullptr;
  return tl::unexpected(holder.error());
}

/// For a directory that can't be written to.
Result<std::unique_ptr<Desk>> desk_of_copy(const std::string& state_dir) {
  const auto directory = TRY(state_directory(state_dir));
  auto copy = TRY(engine::ReadOnlyCopy::make(
      directory, {"engine.db", coordination::file_in(directory).filename().string()}));
  auto engine = TRY(open_to_look(copy.directory().string()));
  return std::make_unique<OwnDesk>(std::move(engine), std::move(copy));
}

/// The packaged daemon's: for those of its group.
std::filesystem::path packaged_socket() {
  return socket_of(SystemHost().variable("LAMPLIGHTER_RUNTIME_DIR").value_or("/run/lamplighter"));
}

/// For whoever looks at a directory of their own, where there is nothing, and is not of the daemon's group.
Error with_hint(Error error) {
  const auto packaged = packaged_socket();
  const bool is_closed = ::access(packaged.c_str(), W_OK) != 0 && errno == EACCES;
  if (is_closed) error.message += fmt::format("; the daemon at {} answers only its group", packaged.string());
  return error;
}

Result<std::unique_ptr<Desk>> cloud_desk(const Place::Cloud& cloud) {
  static SystemClock clock;
  return std::make_unique<CloudDesk>(TRY(CloudAccess::make(cloud.aws, clock)), cloud);
}

}  // namespace

Result<Overview> Desk::overview(const machine::Shape& /*shape*/) {
  return fail(ErrorKind::internal, std::string(kNobodyThere), "nobody holds the state directory");
}

tl::unexpected<Error> no_table() {
  return fail(ErrorKind::bad_input, "NoTable",
              "the fleet's runs agree by no table (coordination: none), so nobody can be told anything");
}

const Clock& Desk::clock() const {
  static const SystemClock clock;
  return clock;
}

Result<std::unique_ptr<Desk>> desk_of_directory(const std::filesystem::path& state_dir) {
  return desk_at(socket_of(state_dir));
}

Result<std::unique_ptr<Desk>> desk_of_holder(const std::string& state_dir) {
  const auto named = SystemHost().variable("LAMPLIGHTER_SOCKET");
  if (!named) {
    const auto directory = state_directory(state_dir);
    if (directory) {
      if (auto own = TRY(desk_of_directory(*directory))) return own;
    }
    // Also for whoever has no directory of their own, as a job of cron's that knows no HOME.
    const auto packaged = packaged_socket();
    if (state_dir.empty() && ::access(packaged.c_str(), W_OK) == 0) {
      if (auto found = TRY(desk_at(packaged))) return found;
    }
    if (!directory) return tl::unexpected(directory.error());
    return nullptr;
  }
  auto desk = TRY(desk_at(*named));
  if (desk) return desk;
  return fail(
      ErrorKind::bad_input, std::string(kNobodyThere),
      fmt::format("nobody answers at {}, which LAMPLIGHTER_SOCKET names: start that daemon, or unset it",
                  *named));
}

Result<std::unique_ptr<Desk>> open_desk(const Place& place, Purpose purpose) {
  if (place.cloud) return cloud_desk(*place.cloud);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    if (auto desk = TRY(desk_of_holder(place.state_dir))) return desk;
    auto engine = open_to_look(place.state_dir);
    if (engine) return std::make_unique<OwnDesk>(*std::move(engine));
    if (purpose == Purpose::look && engine::calls_for_copy(engine.error()))
      return desk_of_copy(place.state_dir);
    const bool held = engine.error().code == "StateDirectoryInUse";
    if (!held || std::chrono::steady_clock::now() >= until) {
      return tl::unexpected(place.state_dir.empty() ? with_hint(engine.error()) : engine.error());
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace lamplighter::run
