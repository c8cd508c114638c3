#include "console/log_printer.h"

#include <condition_variable>
#include <csignal>
#include <deque>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/mutex.h"
#include "base/plain_text.h"
#include "base/utf8.h"
#include "console/print.h"
#include "json/json.h"

namespace lamplighter::console {
namespace {

constexpr std::chrono::milliseconds kPatienceAtEnd{500};

std::string json_line(const LogEntry& entry, Time now) {
  json::object line{{"time", format_time(now)},
                    {"level", to_string(kind_of(entry.event).level)},
                    {"event", kind_of(entry.event).name}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) line[key] = mend_utf8(text);
  };
  add("execution", entry.execution);
  add("fleet", entry.fleet);
  add("environment", entry.environment);
  add("address", entry.address);
  add("message", entry.message);
  return plain_json(json_text(line));
}

}  // namespace

std::string log_line(LogFormat format, const LogEntry& entry, Time now) {
  if (format == LogFormat::json) return json_line(entry, now);
  const bool well = kind_of(entry.event).level == LogLevel::info;
  return plain_line(well ? entry.message : "lamplighter: " + entry.message);
}

struct LogPrinter::Shared {
  struct Line {
    std::FILE* stream;
    std::string text;
  };
  Mutex mutex;
  std::condition_variable changed;
  std::deque<Line> lines GUARDED_BY(mutex);
  std::size_t lost GUARDED_BY(mutex) = 0;  ///< since one was last taken
  bool busy GUARDED_BY(mutex) = false;
  bool ending GUARDED_BY(mutex) = false;
  std::FILE* out = nullptr;
  std::FILE* err = nullptr;

  void run() {
    MutexLock lock(mutex);
    while (true) {
      while (lines.empty() && !ending) lock.wait(changed);
      if (lines.empty()) return;
      const std::deque<Line> batch = std::exchange(lines, {});
      busy = true;
      lock.unlock();
      for (const Line& line : batch) {
        print_as_line(line.stream, line.text);
        std::fflush(line.stream);
      }
      lock.lock();
      busy = false;
      changed.notify_all();
    }
  }
};

LogPrinter::LogPrinter(LogFormat format, const Clock& clock, std::FILE* out, std::FILE* err)
    : format_(format), clock_(clock), shared_(std::make_shared<Shared>()) {
  shared_->out = out;
  shared_->err = err;
  // A reader that has gone is no reason to end: for its thread, nor at the process's end, when what is left
  // in a stream is written.
  std::signal(SIGPIPE, SIG_IGN);
  // Its thread takes nobody's signals.
  sigset_t all{};
  sigset_t before{};
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  std::thread([shared = shared_] { shared->run(); }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

LogPrinter::~LogPrinter() {
  {
    Shared& shared = *shared_;
    const MutexLock lock(shared.mutex);
    shared.ending = true;
    shared.changed.notify_all();
  }
  flush(kPatienceAtEnd);
}

void LogPrinter::write(const LogEntry& entry) {
  Shared& shared = *shared_;
  const auto stream = [&](LogEvent event) {
    const bool to_out = format_ == LogFormat::text && kind_of(event).level == LogLevel::info;
    return to_out ? shared.out : shared.err;
  };
  const Time now = clock_.now();
  std::string text = log_line(format_, entry, now);
  const MutexLock lock(shared.mutex);
  if (shared.lines.size() >= kMostWaiting) {
    ++shared.lost;
    return;
  }
  if (const std::size_t lost = std::exchange(shared.lost, 0); lost > 0) {
    const LogEntry words{LogEvent::lines_lost, fmt::format("{} lines of the log could not be written", lost)};
    shared.lines.push_back({stream(words.event), log_line(format_, words, now)});
  }
  shared.lines.push_back({stream(entry.event), std::move(text)});
  shared.changed.notify_all();
}

void LogPrinter::flush(std::chrono::milliseconds patience) {
  Shared& shared = *shared_;
  const auto until = std::chrono::steady_clock::now() + patience;
  MutexLock lock(shared.mutex);
  while (!shared.lines.empty() || shared.busy) {
    if (!lock.wait_until(shared.changed, until)) return;
  }
}

}  // namespace lamplighter::console
