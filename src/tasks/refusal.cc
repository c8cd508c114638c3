#include "tasks/refusal.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "aws/client/error_codes.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kReasonBytes = 240;

}  // namespace

Refusal refusal_of(const Error& error) {
  const auto meaning = aws::find_error_code(error.code);
  if (meaning.concern != aws::Concern::resource) return Refusal::of_everyone;
  return meaning.lasting ? Refusal::for_good : Refusal::of_server;
}

std::string describe(const Error& error) {
  return shorten_reason(fmt::format("{}: {}", error.code, error.message));
}

std::string shorten_reason(std::string reason) {
  std::replace_if(
      reason.begin(), reason.end(), [](unsigned char c) { return c < ' '; }, ' ');
  reason.resize(std::min(reason.find("Encoded authorization failure message"), reason.size()));
  reason.erase(reason.find_last_not_of(' ') + 1);
  if (reason.size() <= kReasonBytes) return reason;
  std::size_t end = kReasonBytes - std::string_view("…").size();
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80)
    --end;  // not inside a character
  return reason.substr(0, end) + "…";
}

}  // namespace lamplighter::tasks
