// An engine for fuzzers: it holds nothing and gives back what came in, so that every text reaches an answer.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/runtime/engine.h"

namespace lamplighter {

class EchoEngine final : public engine::Engine {
 public:
  std::size_t close() override { return 0; }
  Result<engine::StateMachine> create_state_machine(const std::string& name, const std::string& definition,
                                                    const std::string& role_arn,
                                                    json::value extras) override {
    return engine::StateMachine{name, name, definition, role_arn, "", std::move(extras), {}, {}};
  }
  Result<engine::StateMachine> update_state_machine(const std::string& arn,
                                                    const std::optional<std::string>& definition,
                                                    const std::optional<std::string>& role_arn,
                                                    const engine::ChangeExtras& change_extras) override {
    json::value extras;
    if (change_extras) extras = TRY(change_extras(nullptr));
    return engine::StateMachine{
        arn, arn, definition.value_or(""), role_arn.value_or(""), "", std::move(extras), {}, {}};
  }
  Result<engine::StateMachine> describe_state_machine(const std::string& arn) override {
    return engine::StateMachine{arn, arn, "", "", "", {{"tags", json::array{}}}, {}, {}};
  }
  Result<engine::Page<engine::StateMachine>> list_state_machines(std::size_t max,
                                                                 const std::string& token) override {
    return engine::Page<engine::StateMachine>{std::vector<engine::StateMachine>(max), token};
  }
  Status delete_state_machine(const std::string&) override { return {}; }
  Result<engine::Execution> start_execution(const std::string& state_machine_arn, const std::string& name,
                                            const std::string& input, const json::object&) override {
    return execution(state_machine_arn, name, input);
  }
  Result<engine::Execution> describe_execution(const std::string& arn) override {
    return execution(arn, arn, arn);
  }
  Result<engine::Page<engine::Execution>> list_executions(const engine::ListExecutions& request) override {
    return engine::Page<engine::Execution>{{execution(request.state_machine_arn, "", "")}, request.token};
  }
  Result<Time> stop_execution(const std::string&, const std::string&, const std::string&) override {
    return Time{};
  }
  Result<engine::Page<engine::Event>> history(const engine::HistoryRequest& request) override {
    engine::Event event;
    event.type = engine::EventType::pass_state_entered;
    event.details = {{"name", request.execution_arn}};
    event.payload = std::make_shared<const std::string>(request.token);
    return engine::Page<engine::Event>{{event}, request.token};
  }
  Result<std::string> execution_definition(const std::string& arn) override { return arn; }
  Result<std::vector<std::string>> resume() override { return std::vector<std::string>{}; }
  Result<std::vector<std::string>> resume_all_but(const std::set<std::string>&) override {
    return std::vector<std::string>{};
  }
  Status resume(const std::string&) override { return {}; }
  Result<bool> carries_on(const std::string&) override { return false; }
  Result<std::vector<engine::Execution>> unnoted(std::size_t) override {
    return std::vector<engine::Execution>{};
  }
  Status note(const std::vector<std::string>&) override { return {}; }
  void ping(bool, std::function<void(const Status&)> answer) override { answer({}); }
  [[nodiscard]] engine::Load load() const override { return {}; }
  engine::Subscription subscribe(engine::Observer) override { return {}; }
  Result<engine::Execution> wait_for_end(const std::string& arn, std::chrono::milliseconds) override {
    return execution(arn, "", "");
  }
  [[nodiscard]] const engine::Options& options() const override { return options_; }

 private:
  static engine::Execution execution(const std::string& machine, const std::string& name,
                                     const std::string& input) {
    engine::Execution made;
    made.arn = name;
    made.name = name;
    made.state_machine_arn = machine;
    made.input = input;
    return made;
  }
  engine::Options options_;
};

}  // namespace lamplighter
