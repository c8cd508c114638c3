#include "aws/client/json_answer.h"

#include <cmath>

namespace lamplighter::aws {

Result<json::value> parse_answer(std::string_view action, const std::string& body) {
  constexpr std::size_t kDeepest = 32;
  constexpr std::size_t kLargest = std::size_t{16} << 20U;
  auto answer = parse_json(body, kDeepest, kLargest);
  if (answer && answer->is_object()) return *std::move(answer);
  return invalid_answer(action, "the answer is no JSON object");
}

std::optional<Time> time_in(const json::value& answer, std::string_view name) {
  constexpr double kLatest = 253'402'300'800;  // the year 10000
  const auto* value = find(answer, name);
  const double seconds = value != nullptr && value->is_number() ? value->to_number<double>() : -1;
  if (!(seconds >= 0 && seconds < kLatest)) return std::nullopt;
  return Time{Duration{std::llround(seconds * 1'000)}};
}

tl::unexpected<Error> invalid_answer(std::string_view action, std::string_view why) {
  return fail(ErrorKind::aws, "InvalidResponse", std::string(action) + ": " + std::string(why));
}

}  // namespace lamplighter::aws
