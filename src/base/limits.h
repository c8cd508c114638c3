// The quotas of AWS that several folders keep to, each stated once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace lamplighter::limits {

// AWS Step Functions, and the embedded engine with it.
inline constexpr std::size_t kPayloadBytes = 262'144;       ///< an input, output, result or Arguments
inline constexpr std::int64_t kHistoryEvents = 25'000;      ///< of one execution
inline constexpr std::size_t kDefinitionBytes = 1'048'576;  ///< a state machine's definition

// AWS Lambda.
inline constexpr std::chrono::minutes kInvocation{15};                         ///< the longest
inline constexpr std::size_t kInvocationBytes = std::size_t{6} * 1024 * 1024;  ///< an event, an answer

// Amazon SNS.
inline constexpr std::size_t kMessageBytes = 262'144;

}  // namespace lamplighter::limits
