// The facade over the driver (which changes things) and a reading store (which answers questions).
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "asl/json_problem.h"
#include "asl/parse.h"
#include "base/arn.h"
#include "base/mutex.h"
#include "base/uuid.h"
#include "engine/core/arn.h"
#include "engine/runtime/description.h"
#include "engine/runtime/driver.h"
#include "engine/runtime/engine.h"
#include "engine/store/state_directory.h"

namespace lamplighter::engine {
namespace {

constexpr std::size_t kMaxPage = 1'000;
/// As Step Functions has it.
constexpr std::size_t kMostStateMachines = 10'000;

template <class... Parts>
tl::unexpected<Error> refused(std::string code, fmt::format_string<Parts...> text, Parts&&... parts) {
  return fail(ErrorKind::bad_input, std::move(code), fmt::format(text, std::forward<Parts>(parts)...));
}

tl::unexpected<Error> no_machine(const std::string& arn) {
  return refused("StateMachineDoesNotExist", "State Machine Does Not Exist: '{}'", arn);
}

tl::unexpected<Error> no_execution(const std::string& arn) {
  return refused("ExecutionDoesNotExist", "Execution Does Not Exist: '{}'", arn);
}

Status check_arn(const std::string& arn) {
  if (!arn.starts_with("arn:")) {
    return refused("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: {}'", arn.substr(0, 256));
  }
  if (arn.size() > 256) return refused("InvalidArn", "Invalid Arn: '{}'", arn.substr(0, 256));
  return {};
}

tl::unexpected<Error> invalid_input(std::string problem) {
  return refused("InvalidExecutionInput", "Invalid State Machine Execution Input: '{}'", problem);
}

/// Why an input is no JSON.
std::string input_problem(const std::string& input, const Error& error) {
  if (input.empty()) return "Invalid execution input.";
  const auto problem = asl::unrecognized_token(input);
  return problem ? problem->message : error.message;
}

Status check_name(const std::string& name) {
  if (is_valid_name(name)) return {};
  return refused("InvalidName", "Invalid Name: '{}'", name.substr(0, 100));
}

Status check_definition(const std::string& definition) {
  const auto parsed = asl::parse(definition);
  if (parsed.definition) return {};
  return refused("InvalidDefinition", "Invalid State Machine Definition: '{}'",
                 asl::summary(parsed.diagnostics));
}

/// A token is a number that the last page gave; "" for the first page. A damaged row may have any number.
Result<std::optional<std::int64_t>> read_token(const std::string& token) {
  if (token.empty()) return std::nullopt;
  std::int64_t number = 0;
  const auto* end = token.data() + token.size();
  const auto read = std::from_chars(token.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end)
    return refused("InvalidToken", "Invalid Token: '{}'", token.substr(0, 100));
  return number;
}

class EmbeddedEngine final : public Engine {
 public:
  EmbeddedEngine(Options options, Clock& clock, TaskRunner& runner, DirectoryLock lock,
                 std::unique_ptr<Store> writer, std::unique_ptr<Store> reader, Duration skew)
      : options_(std::move(options)),
        arns_{std::string(partition_of(options_.region).name), options_.region, options_.account},
        lock_(std::move(lock)),
        reader_(std::move(reader)),
        driver_(options_, clock, runner, std::move(writer), skew) {}

  std::size_t close() override { return driver_.close(); }

  Result<StateMachine> create_state_machine(const std::string& name, const std::string& definition,
                                            const std::string& role_arn, json::value extras) override {
    CHECK_OK(check_name(name));
    CHECK_OK(check_definition(definition));
    return driver_.call<StateMachine>([=, this](Store& store, Time now) -> Result<StateMachine> {
      const auto arn = arns_.state_machine(name);
      if (auto existing = TRY(store.state_machine(arn))) {
        if (existing->definition == definition && existing->role_arn == role_arn) return *std::move(existing);
        return refused("StateMachineAlreadyExists", "State Machine Already Exists: '{}'", arn);
      }
      if (TRY(store.count_state_machines()) >= kMostStateMachines) {
        return refused("StateMachineLimitExceeded", "State Machine Limit Exceeded: there are {}, delete some",
                       kMostStateMachines);
      }
      StateMachine machine{arn, name, definition, role_arn, make_uuid(), extras, now, now};
      CHECK_OK(store.put_state_machine(machine, TRY(store.put_definition(definition))));
      return machine;
    });
  }

  Result<StateMachine> update_state_machine(const std::string& arn,
                                            const std::optional<std::string>& definition,
                                            const std::optional<std::string>& role_arn,
                                            const ChangeExtras& change_extras) override {
    CHECK_OK(check_arn(arn));
    if (definition) CHECK_OK(check_definition(*definition));
    return driver_.call<StateMachine>([=](Store& store, Time now) -> Result<StateMachine> {
      auto machine = TRY(store.state_machine(arn));
      if (!machine) return no_machine(arn);
      if (definition) machine->definition = *definition;
      if (role_arn) machine->role_arn = *role_arn;
      if (change_extras) machine->extras = TRY(change_extras(std::move(machine->extras)));
      machine->revision_id = make_uuid();
      machine->updated = now;
      CHECK_OK(store.put_state_machine(*machine, TRY(store.put_definition(machine->definition))));
      return *std::move(machine);
    });
  }

  Result<StateMachine> describe_state_machine(const std::string& arn) override {
    CHECK_OK(check_arn(arn));
    const MutexLock lock(reader_mutex_);
    auto machine = TRY(reader_->state_machine(arn));
    if (!machine) return no_machine(arn);
    return *std::move(machine);
  }

  Result<Page<StateMachine>> list_state_machines(std::size_t max, const std::string& token) override {
    const std::size_t size = std::clamp<std::size_t>(max, 1, kMaxPage);
    const MutexLock lock(reader_mutex_);
    Page<StateMachine> page{TRY(reader_->state_machines(size + 1, token)), ""};
    if (page.items.size() > size) {
      page.items.pop_back();
      page.next = page.items.back().name;
    }
    return page;
  }

  Status delete_state_machine(const std::string& arn) override {
    CHECK_OK(check_arn(arn));
    const auto deleted = driver_.call<bool>([=](Store& store, Time) -> Result<bool> {
      CHECK_OK(store.delete_state_machine(arn));
      return true;
    });
    CHECK_OK(deleted);
    return {};
  }

  Result<Execution> start_execution(const std::string& state_machine_arn, const std::string& name,
                                    const std::string& input, const json::object& started_by) override {
    CHECK_OK(check_arn(state_machine_arn));
    const std::string chosen = name.empty() ? make_uuid() : name;
    CHECK_OK(check_name(chosen));
    if (input.size() > kMaxPayloadBytes) {
      return invalid_input(
          fmt::format("found {} bytes, expected at most {}", input.size(), kMaxPayloadBytes));
    }
    const auto payload = read_payload(input);
    if (!payload) return invalid_input(input_problem(input, payload.error()));
    const std::string by = started_by.empty() ? "" : json_text(started_by);
    return driver_.call<Execution>([=, this](Store& store, Time now) {
      return start(store, state_machine_arn, chosen, *payload, by, now);
    });
  }

  Result<Execution> describe_execution(const std::string& arn) override {
    CHECK_OK(check_arn(arn));
    const MutexLock lock(reader_mutex_);
    const auto row = TRY(reader_->execution(arn));
    if (!row) return no_execution(arn);
    return describe(*reader_, *row);
  }

  Result<Page<Execution>> list_executions(const ListExecutions& request) override {
    const auto before = TRY(read_token(request.token));
    const MutexLock lock(reader_mutex_);
    if (!request.state_machine_arn.empty()) {
      CHECK_OK(check_arn(request.state_machine_arn));
      if (!TRY(reader_->state_machine(request.state_machine_arn)))
        return no_machine(request.state_machine_arn);
    }
    ListExecutions asked = request;
    asked.max = std::clamp<std::size_t>(request.max, 1, kMaxPage);
    const auto rows = TRY(reader_->executions(asked, before));
    Page<Execution> page;
    for (const auto& row : rows) {
      page.items.push_back(to_execution(row));
      if (row.ended && row.status != ExecutionStatus::succeeded)
        CHECK_OK(add_end(*reader_, row, page.items.back()));
    }
    if (rows.size() == asked.max) page.next = std::to_string(rows.back().id);
    return page;
  }

  Result<Time> stop_execution(const std::string& arn, const std::string& error,
                              const std::string& cause) override {
    CHECK_OK(check_arn(arn));
    const auto id = TRY(running_id(arn));
    const auto stop = [=, this](Store& store, Time now) -> Result<Time> {
      const auto row = TRY(store.execution(arn));
      if (!row) return no_execution(arn);
      if (row->ended) return *row->ended;
      Failure failure;
      if (!error.empty()) failure.error = error;
      if (!cause.empty()) failure.cause = cause;
      CHECK_OK(driver_.stop(row->id, failure));
      return now;
    };
    return driver_.call<Time>(stop, id);
  }

  Result<Page<Event>> history(const HistoryRequest& request) override {
    CHECK_OK(check_arn(request.execution_arn));
    const auto token = TRY(read_token(request.token));
    const std::size_t size = std::clamp<std::size_t>(request.max, 1, kMaxPage);
    const MutexLock lock(reader_mutex_);
    const auto row = TRY(reader_->execution(request.execution_arn));
    if (!row) return no_execution(request.execution_arn);
    const std::int64_t from = token.value_or(request.reverse ? INT64_MAX : 1);
    auto page = TRY(reader_->events(row->id, from, request.reverse, size));
    const Event* shown =
        page.items.empty() ? nullptr : &page.items[request.reverse ? 0 : page.items.size() - 1];
    const bool has_end = request.reverse ? !token : page.next.empty();
    if (has_end) CHECK_OK(check_end(*row, shown));
    return page;
  }

  Result<std::string> execution_definition(const std::string& arn) override {
    CHECK_OK(check_arn(arn));
    const MutexLock lock(reader_mutex_);
    const auto row = TRY(reader_->execution(arn));
    if (!row) return no_execution(arn);
    return reader_->definition(row->definition);
  }

  Result<std::vector<std::string>> resume() override { return resume_all_but({}); }

  Result<std::vector<std::string>> resume_all_but(const std::set<std::string>& left) override {
    return driver_.call<std::vector<std::string>>(
        [&left, this](Store& store, Time) -> Result<std::vector<std::string>> {
          std::vector<std::string> arns;
          for (const auto& row : TRY(store.running())) {
            if (left.count(row.arn) > 0) continue;
            driver_.resume(row);
            arns.push_back(row.arn);
          }
          return arns;
        });
  }

  Status resume(const std::string& execution_arn) override {
    CHECK_OK(check_arn(execution_arn));
    const auto resumed = driver_.call<bool>([=, this](Store& store, Time) -> Result<bool> {
      const auto row = TRY(store.execution(execution_arn));
      if (!row) return no_execution(execution_arn);
      if (!row->ended) CHECK_OK(driver_.resume_now({row->id, row->arn, 0}));
      return true;
    });
    CHECK_OK(resumed);
    return {};
  }

  Result<bool> carries_on(const std::string& execution_arn) override {
    CHECK_OK(check_arn(execution_arn));
    return driver_.call<bool>([=, this](Store& store, Time) -> Result<bool> {
      const auto row = TRY(store.execution(execution_arn));
      if (!row) return no_execution(execution_arn);
      return !row->ended && driver_.carries_on(row->id);
    });
  }

  Result<std::vector<Execution>> unnoted(std::size_t max) override {
    const MutexLock lock(reader_mutex_);
    std::vector<Execution> out;
    for (const auto& row : TRY(reader_->unnoted(max))) out.push_back(to_execution(row));
    return out;
  }

  Status note(const std::vector<std::string>& execution_arns) override {
    const auto noted = driver_.call<bool>([&execution_arns](Store& store, Time) -> Result<bool> {
      for (const auto& arn : execution_arns) CHECK_OK(store.note(arn));
      return true;
    });
    CHECK_OK(noted);
    return {};
  }

  Subscription subscribe(Observer observer) override { return driver_.subscribe(std::move(observer)); }

  Result<Execution> wait_for_end(const std::string& arn, std::chrono::milliseconds timeout) override {
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (true) {
      const auto seen = driver_.ends();
      auto execution = TRY(describe_execution(arn));
      if (execution.ended || std::chrono::steady_clock::now() >= until) return execution;
      driver_.wait_for_ends(seen, until);
    }
  }

  void ping(bool write, std::function<void(const Status&)> answer) override {
    driver_.ping(write, std::move(answer));
  }

  [[nodiscard]] Load load() const override { return driver_.load(); }

  [[nodiscard]] const Options& options() const override { return options_; }

 private:
  Result<std::int64_t> running_id(const std::string& arn) {
    const MutexLock lock(reader_mutex_);
    const auto row = TRY(reader_->execution(arn));
    if (!row) return no_execution(arn);
    return row->id;
  }

  Result<Execution> start(Store& store, const std::string& machine_arn, const std::string& name,
                          const Payload& input, const std::string& started_by, Time now) {
    const auto machine = TRY(store.state_machine(machine_arn));
    if (!machine) return no_machine(machine_arn);
    ExecutionRow row;
    row.arn = arns_.execution(machine->name, name);
    if (const auto existing = TRY(store.execution(row.arn))) {
      auto execution = TRY(describe(store, *existing));
      if (!execution.ended && execution.input == input->text) return execution;
      return refused("ExecutionAlreadyExists", "Execution Already Exists: '{}'", row.arn);
    }
    row.name = name;
    row.state_machine_arn = machine_arn;
    row.role_arn = machine->role_arn;
    row.definition = TRY(store.state_machine_definition(machine_arn));
    row.seed = static_cast<std::int64_t>(std::hash<std::string>{}(row.arn) ^
                                         static_cast<std::size_t>(now.time_since_epoch().count()));
    row.started = now;
    row.started_by = started_by;
    row.id = TRY(store.add_execution(row));
    CHECK_OK(driver_.start(row, input));
    auto out = to_execution(row);
    out.input = input->text;
    return out;
  }

  const Options options_;
  const Arns arns_;
  DirectoryLock lock_;
  Mutex reader_mutex_;
  std::unique_ptr<Store> reader_ PT_GUARDED_BY(reader_mutex_);
  Driver driver_;
};

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(Options options, Clock& clock, TaskRunner& runner) {
  auto lock = TRY(DirectoryLock::take(options.state_dir));
  if (const auto open = openness_of(options.state_dir); !open.empty() && options.trouble)
    options.trouble(open);
  const auto file = options.state_dir / "engine.db";
  CHECK_OK(check_database(file));
  auto writer = TRY(Store::open(file));
  auto reader = TRY(Store::open(file));
  const auto skew = TRY(reader->skew());
  if (options.retention) {
    CHECK_OK(writer->put_retention(*options.retention));
  } else {
    options.retention = TRY(reader->retention());
  }
  return std::make_unique<EmbeddedEngine>(std::move(options), clock, runner, std::move(lock),
                                          std::move(writer), std::move(reader), skew);
}

}  // namespace lamplighter::engine
