// A log that keeps what it was told. For one thread.
#pragma once

#include <string>
#include <vector>

#include "base/log.h"

namespace lamplighter {

class RecordedLog final : public Log {
 public:
  void write(const LogEntry& entry) override {
    entries.push_back(entry);
    (kind_of(entry.event).level == LogLevel::info ? said : troubles).push_back(entry.message);
  }

  std::vector<LogEntry> entries;
  std::vector<std::string> said;      ///< messages of what went well
  std::vector<std::string> troubles;  ///< and of what somebody must know
};

}  // namespace lamplighter
