// Errors as values. A function that can fail returns Result<T>; each caller that can add knowledge adds it
// with `with_context`, and the top reports the error once.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace lamplighter {

/// Whose fault an error is. It decides the exit code (docs/cli.md): 2 for bad_input, 3 for aws, 1 otherwise.
enum class ErrorKind {
  bad_input,  ///< what the user gave is wrong; nothing was changed
  aws,        ///< AWS (or the endpoint that stands for it) could not be reached, or refused
  internal,   ///< everything else: disk, a bug, a limit
};

/// One failure. `code` is stable and made for programs ("InsufficientInstanceCapacity", "States.Timeout");
/// `message` is for people. Neither ever holds a secret.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string code;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// An error ready to be returned from any function that returns Result<T>.
inline tl::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message) {
  return tl::unexpected(Error{kind, std::move(code), std::move(message)});
}

/// The same error with "context: " before its message.
inline Error with_context(Error error, std::string_view context) {
  error.message = std::string(context) + ": " + error.message;
  return error;
}

}  // namespace lamplighter

#define LAMPLIGHTER_CONCAT_(a, b) a##b
#define LAMPLIGHTER_CONCAT(a, b) LAMPLIGHTER_CONCAT_(a, b)

// TRY(expression): the value of a Result, or return its error from the enclosing function. As an expression:
//   auto fleet = TRY(parse(text));
// (A GNU statement expression; gcc and clang both have it.)
#define TRY(...) LAMPLIGHTER_TRY_(LAMPLIGHTER_CONCAT(try_result_, __COUNTER__), __VA_ARGS__)
#define LAMPLIGHTER_TRY_(name, ...)                              \
  __extension__({                                                \
    auto name = (__VA_ARGS__);                                   \
    if (!name) return ::tl::unexpected(std::move(name).error()); \
    *std::move(name);                                            \
  })

// CHECK_OK(expression): the same for a Status, or for a Result whose value is not wanted.
#define CHECK_OK(...)                                              \
  do {                                                             \
    if (auto check_ok_status = (__VA_ARGS__); !check_ok_status)    \
      return ::tl::unexpected(std::move(check_ok_status).error()); \
  } while (false)
