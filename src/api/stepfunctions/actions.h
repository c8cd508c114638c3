// The calls of the Step Functions API, a file a noun. Each takes a request's parameters and gives its
// answer's members; errors have the service's exception names as codes. Private to step_functions.cc.
#pragma once

#include "api/request/parameters.h"
#include "asl/parse.h"
#include "base/limits.h"
#include "base/result.h"
#include "engine/runtime/engine.h"
#include "json/json.h"

namespace lamplighter::api {

using Answer = Result<json::object>;
using Action = Answer (*)(engine::Engine&, const Parameters&);

// state_machines.cc
Answer create_state_machine(engine::Engine& engine, const Parameters& parameters);
Answer update_state_machine(engine::Engine& engine, const Parameters& parameters);
Answer describe_state_machine(engine::Engine& engine, const Parameters& parameters);
Answer list_state_machines(engine::Engine& engine, const Parameters& parameters);
Answer list_state_machine_versions(engine::Engine& engine, const Parameters& parameters);
Answer delete_state_machine(engine::Engine& engine, const Parameters& parameters);

// executions.cc
Answer start_execution(engine::Engine& engine, const Parameters& parameters);
Answer describe_execution(engine::Engine& engine, const Parameters& parameters);
Answer describe_state_machine_for_execution(engine::Engine& engine, const Parameters& parameters);
Answer list_executions(engine::Engine& engine, const Parameters& parameters);
Answer stop_execution(engine::Engine& engine, const Parameters& parameters);

// history.cc
Answer get_execution_history(engine::Engine& engine, const Parameters& parameters);

// definitions.cc
Answer validate_state_machine_definition(engine::Engine& engine, const Parameters& parameters);

// tags.cc
Answer list_tags_for_resource(engine::Engine& engine, const Parameters& parameters);
Answer tag_resource(engine::Engine& engine, const Parameters& parameters);
Answer untag_resource(engine::Engine& engine, const Parameters& parameters);

/// Limits that several calls share, as the service has them.
inline constexpr Length kArnLength{1, 256};
inline constexpr Length kNameLength{1, 80};
inline constexpr Length kTokenLength{1, 3096};
inline constexpr Length kDefinitionLength{1, limits::kDefinitionBytes};
inline constexpr Range kPageRange{0, 1000};
inline constexpr std::size_t kDefaultPage = 100;

/// The page that a list request asks for; 0 and nothing mean the default.
Result<std::size_t> page_size(const Parameters& parameters);

/// The request's type; STANDARD where it names none.
Result<asl::MachineType> machine_type(const Parameters& parameters);

/// The request's nextToken, or "".
Result<std::string> next_token(const Parameters& parameters);

/// Adds nextToken where there is another page.
void set_next_token(json::object& answer, const std::string& next);

}  // namespace lamplighter::api
