// A JSON value that flows through a state machine, with its text: both are needed again and again, so they
// are made once and shared. What only passes through keeps its numbers' text ("0.0"), which a value has not.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "json/json.h"

namespace lamplighter::engine {

/// The service's limit for inputs, outputs, results and variables.
constexpr std::size_t kMaxPayloadBytes = limits::kPayloadBytes;

/// How deep payloads may nest: what was committed must be readable again.
constexpr std::size_t kMaxPayloadDepth = 1'000;

/// Immutable.
struct PayloadData {
  std::string text;
  json::value value;
};
using Payload = std::shared_ptr<const PayloadData>;

/// The canonical text (json/writer.h) of a value. Text that is not UTF-8 is mended.
Payload make_payload(json::value value);

/// The same, but the object's member `key` is `member`, with its own text.
Payload make_payload(json::object object, std::string_view key, const Payload& member);

/// An array of payloads; its text keeps theirs.
Payload make_payload(const std::vector<Payload>& items);

/// Keeps the text as it was written. Error: bad_input "InvalidJson".
Result<Payload> read_payload(std::string_view text);

/// Keeps the numbers as they were written, without white space between values. Error: bad_input
/// "InvalidJson".
Result<Payload> read_compact(std::string_view text);

/// The texts of an array's elements, within the array's own.
std::vector<std::string_view> element_texts(const Payload& array);

/// Whether it nests deeper than kMaxPayloadDepth.
bool is_too_deep(const Payload& payload);

}  // namespace lamplighter::engine
