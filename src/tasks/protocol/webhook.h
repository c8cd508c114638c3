// A webhook: a URL that takes reports by HTTP, and in which form.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/secret_source.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

enum class WebhookFormat { slack, teams, json };
std::string_view to_string(WebhookFormat format);

struct Webhook {
  SecretSource url;
  WebhookFormat format = WebhookFormat::json;
  SecretSource secret = {};          ///< the key of its signatures; none: it isn't signed
  std::chrono::seconds timeout{10};  ///< of one request
  std::string region = {};           ///< of SSM parameters; "" where there are none

  friend bool operator==(const Webhook&, const Webhook&) = default;
};

inline constexpr std::chrono::seconds kMostWebhookTimeout{30};

json::object to_json(const Webhook& webhook);
/// Error: bad_input with the reader's code.
Result<Webhook> read_webhook(const Reader& fields);

}  // namespace lamplighter::tasks
