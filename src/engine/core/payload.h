// A JSON value that flows through a state machine, with its text: both are needed again and again, so they
// are made once and shared. What only passes through keeps its numbers' text ("0.0"), which a value has not.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "json/json.h"

namespace lamplighter::engine {

/// The service's limit for inputs, outputs, results and variables.
constexpr std::size_t kMaxPayloadBytes = limits::kPayloadBytes;

/// How deep payloads may nest: what was committed must be readable again.
constexpr std::size_t kMaxPayloadDepth = 1'000;

/// A text that is shared rather than copied: events and states hold the same one.
using SharedText = std::shared_ptr<const std::string>;

/// Immutable.
struct PayloadData {
  PayloadData(SharedText its_text, json::value its_value)
      : shared_text(std::move(its_text)), text(*shared_text), value(std::move(its_value)) {}
  PayloadData(const PayloadData&) = delete;
  PayloadData& operator=(const PayloadData&) = delete;

  const SharedText shared_text;
  const std::string& text;  ///< the same
  json::value value;
};
using Payload = std::shared_ptr<const PayloadData>;

/// From its parts.
Payload share_payload(SharedText text, json::value value);

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
