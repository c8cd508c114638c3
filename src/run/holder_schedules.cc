#include "run/holder_schedules.h"

#include "run/holder.h"
#include "run/holder_answer.h"
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
  const auto records = store_.missed(kMost);
  if (!records) return holder_answer(tl::unexpected(records.error()));
  json::array rows;
  for (const scheduler::MissedRecord& record : *records) rows.push_back(to_json(record));
  return holder_answer(rows);
}

}  // namespace lamplighter::run
