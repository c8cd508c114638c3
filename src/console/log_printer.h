// A program's log, printed a line an entry: for people (text) or for programs (JSON). A thread of its own
// writes, so that nobody who has something to say waits for whoever reads, or doesn't.
#pragma once

#include <chrono>
#include <cstdio>
#include <memory>

#include "base/clock.h"
#include "base/log.h"

namespace lamplighter::console {

enum class LogFormat { text, json };

/// Without its line break. Passes the sanitiser (base/plain_text.h). JSON: {"time", "level", "event",
/// "execution", "fleet", "environment", "message"}, without those that are "".
std::string log_line(LogFormat format, const LogEntry& entry, Time now);

/// Where the two streams are: as text, what went well goes to `out`, and what somebody must know to `err`,
/// behind "lamplighter: "; as JSON all goes to `err`, in its order. Safe to use from several threads.
class LogPrinter final : public Log {
 public:
  /// So many lines wait at most: beyond, they are lost, and counted in a `lines_lost`.
  static constexpr std::size_t kMostWaiting = 10'000;

  /// Keeps a reference to the clock.
  LogPrinter(LogFormat format, const Clock& clock, std::FILE* out = stdout, std::FILE* err = stderr);
  /// Gives what waits half a second to be written.
  ~LogPrinter() override;
  LogPrinter(const LogPrinter&) = delete;
  LogPrinter& operator=(const LogPrinter&) = delete;

  void write(const LogEntry& entry) override;
  void flush(std::chrono::milliseconds patience) override;

 private:
  struct Shared;
  const LogFormat format_;
  const Clock& clock_;
  std::shared_ptr<Shared> shared_;  ///< with its thread, which outlives this where its reader hangs
};

}  // namespace lamplighter::console
