// Definition parser: any bytes give a definition or diagnostics, and a definition that parses can be run for
// a while without harm.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "asl/parse.h"
#include "engine/core/execution.h"

using namespace lamplighter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = asl::parse({reinterpret_cast<const char*>(data), size});
  if (!parsed.definition) {
    if (!asl::has_errors(parsed.diagnostics)) __builtin_trap();
    return 0;
  }
  engine::ExecutionCore core(parsed.definition, {"arn", "run", "arn", "machine", "role", "us-east-1", 1});
  Time now{Duration{1'000'000'000'000}};
  auto step = core.start(engine::make_payload(json::object{{"n", 1}}), now);
  for (int turns = 0; turns < 20 && !core.outcome(); ++turns) {
    for (const auto& task : step.tasks)
      core.finish_task(task.task_id, engine::make_payload(json::object{{"Payload", 1}}), now);
    if (const auto due = core.next_due(now); due && *due > now) now = *due;
    step = step.more ? core.proceed(now) : core.pass_time(now);
  }
  return 0;
}
