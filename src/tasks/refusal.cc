#include "tasks/refusal.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "base/plain_text.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kReasonBytes = 280;

bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

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
  if (reason.size() <= kReasonBytes) return reason;
  constexpr std::string_view kCut = "…";
  std::size_t head = kReasonBytes * 3 / 5;
  std::size_t tail = reason.size() - (kReasonBytes - kCut.size() - head);
  while (head > 0 && is_inside_character(reason[head])) --head;
  while (tail < reason.size() && is_inside_character(reason[tail])) ++tail;
  return fmt::format("{}{}{}", std::string_view(reason).substr(0, head), kCut,
                     std::string_view(reason).substr(tail));
}

}  // namespace lamplighter::tasks
