// EventBridge Scheduler's API: any request is answered with JSON, and what it made is read back as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/scheduler/scheduler_api.h"
#include "fuzz/take_line.h"
#include "json/json.h"
#include "tests/support/memory_rows.h"

using namespace lamplighter;

namespace {

std::string all_of(const api::Book& book) {
  std::string text;
  const auto page = book.list({.max = 1000});
  for (const auto& schedule : page->items) text += json_text(to_json(schedule, book.place()));
  return text;
}

}  // namespace

/// Input: the method, the path with its query, and the body, a line each (the body to the end).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ManualClock clock(Time(std::chrono::sys_days{std::chrono::year{2026} / 11 / 27}));
  scheduler::MemoryRows store;
  const api::Place place{"us-east-1", "123456789012"};
  const auto book = api::Book::open(store, place).value();
  const api::Door door(std::nullopt, clock);
  const api::SchedulerApi api(*book, door, clock, [](const api::ScheduleTarget&) { return Status(); });
  std::string_view text(reinterpret_cast<const char*>(data), size);
  http::Request request{
      std::string(take_line(text)), std::string(take_line(text)), {{"Host", "localhost"}}, ""};
  request.body = text;
  const auto response = api.handle(request);
  if (!parse_json(response.body).value().is_object() || response.status == 500) std::abort();
  if (all_of(*api::Book::open(store, place).value()) != all_of(*book)) std::abort();
  return 0;
}
