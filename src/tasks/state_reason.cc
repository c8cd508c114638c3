#include "tasks/state_reason.h"

namespace lamplighter::tasks {

std::string state_reason(const aws::Instance& instance) {
  const auto& code = instance.state_reason_code;
  const auto& message = instance.state_reason_message;
  if (code.empty() || message.rfind(code, 0) == 0) return message;
  return message.empty() ? code : code + ": " + message;
}

}  // namespace lamplighter::tasks
