// EventBridge Scheduler's API: any request is answered with JSON, and what it made is read back as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "api/scheduler/scheduler_api.h"
#include "json/json.h"

using namespace lamplighter;

namespace {

class MemoryStore final : public scheduler::RowStore {
 public:
  Result<std::vector<scheduler::Row>> rows() override {
    std::vector<scheduler::Row> found;
    for (const auto& [key, text] : kept_) found.push_back({key.first, key.second, text});
    return found;
  }
  Status put_rows(const std::vector<scheduler::Row>& rows) override {
    for (const scheduler::Row& row : rows) {
      kept_.erase({row.kind, row.key});
      if (row.text) kept_[{row.kind, row.key}] = *row.text;
    }
    return {};
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> kept_;
};

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

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
  MemoryStore store;
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
