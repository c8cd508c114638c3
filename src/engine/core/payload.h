// A JSON value that flows through a state machine, with its text: both are needed again and again, so they
// are made once and shared.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter::engine {

/// The service's limit for inputs, outputs, results and variables.
constexpr std::size_t kMaxPayloadBytes = 262'144;

/// Immutable.
struct PayloadData {
  std::string text;
  json::value value;
};
using Payload = std::shared_ptr<const PayloadData>;

/// Compact JSON; numbers as JavaScript writes them ("0.1", where Boost.JSON has "1E-1").
std::string json_text(const json::value& value);

Payload make_payload(json::value value);

/// Keeps the text as it was written. Error: bad_input "InvalidJson".
Result<Payload> read_payload(std::string_view text);

}  // namespace lamplighter::engine
