#include "tasks/protocol/execution_name.h"

namespace lamplighter::tasks {

std::string execution_name(std::string_view execution) {
  return std::string(execution.substr(execution.rfind(':') + 1));
}

}  // namespace lamplighter::tasks
