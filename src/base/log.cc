#include "base/log.h"

namespace lamplighter {

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      break;
  }
  return "error";
}

const LogEventKind& kind_of(LogEvent event) { return kLogEvents.at(static_cast<std::size_t>(event)); }

}  // namespace lamplighter
