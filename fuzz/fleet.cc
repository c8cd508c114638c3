// The fleet file: any bytes give a fleet or errors with their places, and a fleet that is read has a
// timetable.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/clock.h"
#include "fleet/load.h"
#include "scheduler/timetable.h"

using namespace lamplighter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto no_files = [](const std::string& path) {
    return fail(ErrorKind::bad_input, "UnreadableFile", path);
  };
  const auto fleet = fleet::read({reinterpret_cast<const char*>(data), size}, "fleet.yaml", "", no_files);
  if (!fleet) {
    if (fleet.error().kind != ErrorKind::bad_input || fleet.error().message.empty()) std::abort();
    return 0;
  }
  const Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 27}};
  scheduler::Timetable timetable(*fleet, {}, now);
  if (!timetable.turn(now).firings.empty()) std::abort();  // a schedule counts from when it was first read
  if (const auto wake = timetable.wake(); wake && *wake <= now) std::abort();
  return 0;
}
