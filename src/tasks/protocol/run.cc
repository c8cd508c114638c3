#include "tasks/protocol/run.h"

namespace lamplighter::tasks {

json::value with_run_told(const json::value& payload) {
  const json::value* run = find(payload, kRun);
  if (run == nullptr || !run->is_object()) return payload;
  json::object flat = payload.get_object();
  for (const auto& member : run->get_object()) flat.insert(member);
  flat.erase(kRun);
  return flat;
}

}  // namespace lamplighter::tasks
