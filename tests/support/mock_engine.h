// The engine's facade as a mock, for the API's tests.
#pragma once

#include <gmock/gmock.h>

#include "engine/runtime/engine.h"

namespace lamplighter::api {

class MockEngine : public engine::Engine {
 public:
  using Machine = Result<engine::StateMachine>;
  using Machines = Result<engine::Page<engine::StateMachine>>;
  using Executions = Result<engine::Page<engine::Execution>>;
  using Events = Result<engine::Page<engine::Event>>;

  MockEngine() {
    ON_CALL(*this, list_state_machines).WillByDefault(testing::Return(engine::Page<engine::StateMachine>{}));
  }

  MOCK_METHOD(std::size_t, close, (), (override));
  MOCK_METHOD(Machine, create_state_machine,
              (const std::string&, const std::string&, const std::string&, json::value), (override));
  MOCK_METHOD(Machine, update_state_machine,
              (const std::string&, const std::optional<std::string>&, const std::optional<std::string>&,
               const engine::ChangeExtras&),
              (override));
  MOCK_METHOD(Machine, describe_state_machine, (const std::string&), (override));
  MOCK_METHOD(Machines, list_state_machines, (std::size_t, const std::string&), (override));
  MOCK_METHOD(Result<std::vector<engine::Execution>>, unnoted, (std::size_t), (override));
  MOCK_METHOD(Status, note, (const std::vector<std::string>&), (override));
  MOCK_METHOD(Status, delete_state_machine, (const std::string&), (override));
  MOCK_METHOD(Result<engine::Execution>, start_execution,
              (const std::string&, const std::string&, const std::string&, const json::object&), (override));
  MOCK_METHOD(Result<engine::Execution>, describe_execution, (const std::string&), (override));
  MOCK_METHOD(Executions, list_executions, (const engine::ListExecutions&), (override));
  MOCK_METHOD(Result<Time>, stop_execution, (const std::string&, const std::string&, const std::string&),
              (override));
  MOCK_METHOD(Events, history, (const engine::HistoryRequest&), (override));
  MOCK_METHOD(Result<std::string>, execution_definition, (const std::string&), (override));
  MOCK_METHOD(Result<std::vector<std::string>>, resume, (), (override));
  MOCK_METHOD(Result<std::vector<std::string>>, resume_all_but, (const std::set<std::string>&), (override));
  MOCK_METHOD(Status, resume, (const std::string&), (override));
  MOCK_METHOD(Result<bool>, carries_on, (const std::string&), (override));
  MOCK_METHOD(engine::Subscription, subscribe, (engine::Observer), (override));
  MOCK_METHOD(Result<engine::Execution>, wait_for_end, (const std::string&, std::chrono::milliseconds),
              (override));
  MOCK_METHOD(void, ping, (bool, std::function<void(const Status&)>), (override));
  MOCK_METHOD(engine::Load, load, (), (const, override));
  MOCK_METHOD(const engine::Options&, options, (), (const, override));
};

}  // namespace lamplighter::api
