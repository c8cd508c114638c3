#include "tasks/refusal.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kReasonBytes = 240;

struct Row {
  std::string_view code;
  Refusal refusal;
};

constexpr std::array kRows{
    Row{"RequestLimitExceeded", Refusal::of_everyone},
    Row{"Throttling", Refusal::of_everyone},
    Row{"ThrottlingException", Refusal::of_everyone},
    Row{"ThrottledException", Refusal::of_everyone},
    Row{"TooManyRequestsException", Refusal::of_everyone},
    Row{"RequestThrottled", Refusal::of_everyone},
    Row{"EC2ThrottledException", Refusal::of_everyone},
    Row{"ConnectionError", Refusal::of_everyone},
    Row{"RequestTimeout", Refusal::of_everyone},
    Row{"NoCredentials", Refusal::of_everyone},
    Row{"ExpiredToken", Refusal::of_everyone},
    Row{"RequestExpired", Refusal::of_everyone},
    Row{"InternalError", Refusal::of_everyone},
    Row{"InternalFailure", Refusal::of_everyone},
    Row{"InternalServiceFault", Refusal::of_everyone},
    Row{"ServiceUnavailable", Refusal::of_everyone},
    Row{"Unavailable", Refusal::of_everyone},

    Row{"UnauthorizedOperation", Refusal::for_good},
    Row{"AccessDenied", Refusal::for_good},
    Row{"AccessDeniedException", Refusal::for_good},
    Row{"AuthFailure", Refusal::for_good},
    Row{"OptInRequired", Refusal::for_good},
    Row{"OperationNotPermitted", Refusal::for_good},  // protected against being stopped
    Row{"UnsupportedOperation", Refusal::for_good},   // no EBS root volume: it can't be stopped
    Row{"InvalidInstanceID.NotFound", Refusal::for_good},
    Row{"InvalidInstanceID.Malformed", Refusal::for_good},
};

}  // namespace

Refusal refusal_of(const Error& error) {
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.code == error.code; });
  return row == kRows.end() ? Refusal::of_server : row->refusal;
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
