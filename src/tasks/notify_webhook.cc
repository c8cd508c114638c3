#include "tasks/notify_webhook.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <locale>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "base/authority.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "tasks/outside.h"
#include "tasks/refusal.h"
#include "tasks/secret.h"
#include "tasks/webhook_body.h"

namespace lamplighter::tasks {
namespace {

using std::chrono::seconds;

constexpr int kTooMany = 429;
constexpr int kBadGateway = 502;
constexpr int kUnavailable = 503;
constexpr int kGatewayTimeout = 504;
constexpr std::string_view kTimestampHeader = "X-Lamplighter-Timestamp";
constexpr std::string_view kSignatureHeader = "X-Lamplighter-Signature";

std::string name_of(const Webhook& webhook) { return "the webhook of " + webhook.url.words(); }

Notified refused(const Webhook& webhook, std::string_view why) {
  return {Sent::no, "", fmt::format("{} {}", name_of(webhook), why)};
}

tl::unexpected<Error> passing(std::string_view code, const Webhook& webhook, std::string_view why) {
  return fail(ErrorKind::aws, std::string(code), fmt::format("{} {}", name_of(webhook), why));
}

/// What is wrong with the URL, without a word of it; "" where nothing is.
std::string_view fault_of(const std::string& url) {
  const auto authority = parse_authority(authority_of(url));
  const bool is_plain = url.starts_with("http://");
  if (!authority || !(is_plain || url.starts_with("https://")) || has_control_characters(url) ||
      url.find(' ') != std::string::npos) {
    return "is no https URL";
  }
  if (is_plain && !authority->is_loopback) return "has an http URL, expected https (or this machine)";
  return "";
}

/// What `Retry-After` asks for: seconds, or a date; nullopt where it asks for nothing.
std::optional<seconds> retry_after(const http::Response& response, Time now) {
  const std::string text(http::header(response.headers, "Retry-After"));
  std::int64_t count = 0;
  const auto* const end = text.data() + text.size();
  if (const auto [at, error] = std::from_chars(text.data(), end, count); error == std::errc{} && at == end)
    return seconds{std::max<std::int64_t>(count, 0)};
  std::tm date{};
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  in >> std::get_time(&date, "%a, %d %b %Y %H:%M:%S");
  if (in.fail()) return std::nullopt;
  const auto moment = std::chrono::system_clock::from_time_t(::timegm(&date));
  return std::max(std::chrono::ceil<seconds>(moment - now), seconds{0});
}

/// The machine tries again after as long as it was asked for, or a little longer.
Result<Notified> busy(const Webhook& webhook, const http::Response& response, Time now) {
  const auto asked = retry_after(response, now);
  const std::string why = fmt::format("answered {}", response.status) +
                          (asked ? fmt::format(" and asks for {} s", asked->count()) : "");
  if (!asked || *asked <= kBriefly) return passing(kBusyBriefly, webhook, why);
  if (*asked <= kLongestBusy) return passing(kBusy, webhook, why);
  return refused(webhook, fmt::format("{}: at most {} s are waited for", why, kLongestBusy.count()));
}

Result<Notified> verdict(const Webhook& webhook, const http::Response& response, Time now) {
  const int status = response.status;
  if (status >= 200 && status < 300) return Notified{Sent::yes, "", ""};
  if (status == kTooMany || status == kUnavailable) return busy(webhook, response, now);
  if (status == kBadGateway || status == kGatewayTimeout) {
    return Notified{Sent::unknown, "",
                    fmt::format("{} answered {}: a gateway lost touch with it", name_of(webhook), status)};
  }
  if (status >= 300 && status < 400)
    return refused(webhook, fmt::format("answered {}: redirects are not followed", status));
  return refused(webhook, fmt::format("answered {}", status));
}

/// By its code alone: libcurl's words hold the URL, or its host.
Result<Notified> not_answered(const Webhook& webhook, const Error& error) {
  if (error.code == http::kAnswerLost) {
    return Notified{
        Sent::unknown, "",
        fmt::format("{} was sent to, and its answer is lost: none came within {} s, or the connection broke",
                    name_of(webhook), webhook.timeout.count())};
  }
  if (aws::find_error_code(error.code).concern != aws::Concern::nobody)
    return refused(webhook, fmt::format("can't be sent to ({})", error.code));
  const std::string_view why = error.code == "RequestTimeout"
                                   ? "can't be reached in time"
                                   : "can't be reached: its host is not known, refuses the connection, or "
                                     "has a certificate that isn't trusted";
  return passing(kNotSent, webhook, why);
}

Result<Notified> no_secret(const Webhook& webhook, std::string_view what, const Error& error) {
  const std::string why = fmt::format("can't be told: {} ({})", what, describe(error));
  if (aws::find_error_code(error.code).concern == aws::Concern::nobody)
    return passing(kNotSent, webhook, why);
  return refused(webhook, why);
}

void sign(http::OutgoingRequest& request, const std::string& secret, Time now) {
  const std::string timestamp = std::to_string(std::chrono::floor<seconds>(now).time_since_epoch().count());
  const std::string signature = to_hex(hmac_sha256(secret, fmt::format("v1:{}:{}", timestamp, request.body)));
  request.headers.emplace_back(kTimestampHeader, timestamp);
  request.headers.emplace_back(kSignatureHeader, "v1=" + signature);
}

}  // namespace

Result<Notified> notify_webhook(const Context& context, const NotifyPayload& task) {
  const Webhook& webhook = *task.webhook;
  if (context.outside == nullptr) return refused(webhook, "can't be told from here");
  const auto url = fetch_secret(context, webhook.url, webhook.region);
  if (!url) return no_secret(webhook, "it has no URL", url.error());
  if (const auto fault = fault_of(*url); !fault.empty()) return refused(webhook, fault);
  http::OutgoingRequest request;
  request.url = *url;
  request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  request.body = webhook_body(task);
  request.timeout = webhook.timeout;
  request.once = true;
  if (!webhook.secret.is_none()) {
    const auto secret = fetch_secret(context, webhook.secret, webhook.region);
    if (!secret) return no_secret(webhook, "it has no secret", secret.error());
    sign(request, *secret, context.clock.now());
  }
  const auto response = context.outside->web.send(request);
  if (!response) return not_answered(webhook, response.error());
  return verdict(webhook, *response, context.clock.now());
}

}  // namespace lamplighter::tasks
