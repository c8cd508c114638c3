#include "run/holder_schedules.h"

#include "run/holder.h"
#include "run/missed.h"

namespace lamplighter::run {

std::optional<http::Response> HolderSchedules::answer(const http::Request& request) const {
  if (api::SchedulerApi::is_meant(request)) return api_.handle(request);
  if (request.method == "GET" && request.url == kMissedPath) return missed();
  return std::nullopt;
}

/// Newest first.
http::Response HolderSchedules::missed() const {
  constexpr std::size_t kMost = 100;
  http::Response response{200, {{"Content-Type", "application/json"}}, ""};
  const auto records = store_.missed(kMost);
  if (!records) {
    response.status = 500;
    response.body =
        json_text(json::object{{"__type", records.error().code}, {"message", records.error().message}});
    return response;
  }
  json::array rows;
  for (const scheduler::MissedRecord& record : *records) rows.push_back(to_json(record));
  response.body = json_text(rows);
  return response;
}

}  // namespace lamplighter::run
