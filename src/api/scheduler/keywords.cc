#include "api/scheduler/keywords.h"

#include <array>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace lamplighter::api {

std::string with_keywords(std::string_view input, const Keywords& keywords) {
  constexpr std::string_view kBegin = "<aws.scheduler.";
  const std::array<std::pair<std::string_view, std::string>, 4> words{{
      {"schedule-arn>", keywords.schedule_arn},
      {"scheduled-time>", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                      std::chrono::floor<std::chrono::seconds>(keywords.scheduled_time))},
      {"execution-id>", keywords.execution_id},
      {"attempt-number>", std::to_string(keywords.attempt)},
  }};
  std::string out;
  out.reserve(input.size());
  for (auto at = input.find(kBegin); at != std::string_view::npos; at = input.find(kBegin)) {
    out += input.substr(0, at);
    input.remove_prefix(at);
    std::string_view taken = kBegin.substr(0, 1);  // what is no keyword stays
    std::string value(taken);
    for (const auto& [word, meaning] : words) {
      if (!input.substr(kBegin.size()).starts_with(word)) continue;
      taken = input.substr(0, kBegin.size() + word.size());
      value = meaning;
    }
    out += value;
    input.remove_prefix(taken.size());
  }
  out += input;
  return out;
}

}  // namespace lamplighter::api
