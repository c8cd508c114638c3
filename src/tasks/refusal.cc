#include "tasks/refusal.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "base/cut.h"
#include "base/plain_text.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kReasonBytes = 280;

}  // namespace

Refusal refusal_of(const Error& error) {
  const auto meaning = aws::find_error_code(error.code);
  if (meaning.concern != aws::Concern::resource) return Refusal::of_everyone;
  return meaning.lasting ? Refusal::for_good : Refusal::of_server;
}

std::string_view remedy_of(std::string_view state_reason_code) {
  // EC2 says "Client.InternalError: Client error on launch" of a volume whose key its caller may not use.
  const bool may_be_a_key =
      state_reason_code == "Client.InternalError" || state_reason_code.starts_with("Client.InvalidKMSKey");
  if (!may_be_a_key) return "";
  return "; if its volumes are encrypted, their key must be enabled and kms:CreateGrant be permitted on it";
}

std::string describe(const Error& error) {
  return shorten_reason(fmt::format("{}: {}", error.code, error.message));
}

std::string shorten_reason(std::string reason) {
  // Kilobytes, at the message's end, for whoever may call sts:DecodeAuthorizationMessage.
  reason.resize(std::min(reason.find("Encoded authorization failure message"), reason.size()));
  reason = plain_line(reason);
  reason.erase(reason.find_last_not_of(' ') + 1);
  return cut_middle(std::move(reason), kReasonBytes);
}

}  // namespace lamplighter::tasks
