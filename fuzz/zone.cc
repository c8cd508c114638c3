// Time zone files: any bytes give a zone or an error, and in a zone every local time that is shown leads
// back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "schedule/tzif.h"

using namespace lamplighter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto zone = schedule::read_tzif({reinterpret_cast<const char*>(data), size});
  if (!zone) return 0;
  for (std::int64_t day = 0; day < 366; day += 7) {
    const std::chrono::sys_seconds time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} +
                                        std::chrono::days(day)};
    const auto back = zone->to_utc(zone->to_local(time));
    if (!back || *back > time) std::abort();  // of two, the first
  }
  return 0;
}
