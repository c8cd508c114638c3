// How a parse or an evaluation fails: a code with what its message names. The words are put together only
// when the failure leaves the library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jsonata/evaluate/value.h"
#include "jsonata/jsonata.h"

namespace lamplighter::jsonata {

constexpr std::size_t kNoPosition = static_cast<std::size_t>(-1);

// The library's own codes: the limits. (U1001 is what the reference's test harness says.)
constexpr const char* kDepthLimit = "U1001";
constexpr const char* kTimeLimit = "U1002";
constexpr const char* kStepLimit = "U1003";
constexpr const char* kByteLimit = "U1004";
constexpr const char* kRegexLimit = "U1005";

/// Lives in the arena of the parse or evaluation that failed.
struct Failure {
  const char* code = "";
  std::size_t position = kNoPosition;  ///< byte offset into the expression
  std::string_view token;
  bool has_token = false;
  Value token_value;  ///< the token as a number or literal, where it is one
  Value value;
  Value value2;
  std::size_t index = 0;      ///< which argument, from 1
  std::string_view expected;  ///< the type that was expected (T0412)
  std::string_view message;   ///< of $error and $assert
};

/// A value, or why there is none.
template <class T>
using Attempt = tl::expected<T, Failure*>;
using Outcome = Attempt<Value>;
using Done = Attempt<void>;

inline tl::unexpected<Failure*> fail(Arena& arena, Failure failure) {
  return tl::unexpected(arena.make<Failure>(failure));
}

inline tl::unexpected<Failure*> fail(Arena& arena, const char* code, Value value = {},
                                     std::size_t index = 0) {
  Failure failure;
  failure.code = code;
  failure.value = value;
  failure.index = index;
  return fail(arena, failure);
}

/// The public error of a failure in the expression `text`.
Error to_error(const Failure& failure, std::string_view text);

}  // namespace lamplighter::jsonata

#define JSONATA_CONCAT_(a, b) a##b
#define JSONATA_CONCAT(a, b) JSONATA_CONCAT_(a, b)

// The value of an Attempt, or return its failure from the enclosing function.
#define JSONATA_TRY(...) JSONATA_TRY_(JSONATA_CONCAT(attempt_, __COUNTER__), __VA_ARGS__)
#define JSONATA_TRY_(name, ...)                       \
  __extension__({                                     \
    auto name = (__VA_ARGS__);                        \
    if (!name) return ::tl::unexpected(name.error()); \
    *name;                                            \
  })

// The same for an attempt whose value is not wanted.
#define JSONATA_CHECK(...)                                                                               \
  do {                                                                                                   \
    if (auto attempt_done = (__VA_ARGS__); !attempt_done) return ::tl::unexpected(attempt_done.error()); \
  } while (false)
