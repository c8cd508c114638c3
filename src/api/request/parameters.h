// The members of an API request's JSON object, read with the checks and the error texts that AWS's JSON
// services have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "json/reader.h"

namespace lamplighter::api {

/// Bounds of a text's length, in bytes, both included.
struct Length {
  std::size_t min = 0;
  std::size_t max = 0;
};

/// Bounds of a number, both included.
struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

/// Errors of all functions: bad_input "ValidationException" (missing, too long, out of range, none of the
/// allowed) or "SerializationException" (another JSON type). null counts as missing.
class Parameters {
 public:
  /// Reads a request's body; an empty one is an empty object.
  static Result<Parameters> parse(std::string_view body);

  /// `path` is what the members' names begin with in errors ("target."; "" for the request's own).
  explicit Parameters(json::object members, std::string path = "")
      : members_(std::move(members)), path_(std::move(path)) {}

  /// Who sent the request, as the server knows it: nothing of it is the request's own word.
  [[nodiscard]] const json::object& sender() const { return sender_; }
  void set_sender(json::object sender) { sender_ = std::move(sender); }

  [[nodiscard]] bool has(std::string_view name) const { return member(name) != nullptr; }
  [[nodiscard]] Result<std::string> text(std::string_view name, Length length) const;
  [[nodiscard]] Result<std::optional<std::string>> optional_text(std::string_view name, Length length) const;
  /// A text that must be one of `allowed`.
  [[nodiscard]] Result<std::optional<std::string>> choice(std::string_view name,
                                                          const std::vector<std::string_view>& allowed) const;
  [[nodiscard]] Result<std::optional<std::int64_t>> number(std::string_view name, Range range) const;
  /// An object; nullopt where it is missing.
  [[nodiscard]] Result<std::optional<Parameters>> optional_object(std::string_view name) const;
  /// A moment, in seconds since 1970 as the JSON protocols write it.
  [[nodiscard]] Result<std::optional<Time>> optional_time(std::string_view name) const;
  /// Lists that must be there.
  [[nodiscard]] Result<std::vector<Reader>> objects(std::string_view name) const;
  [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view name) const;
  [[nodiscard]] Result<bool> truth(std::string_view name, bool fallback) const;
  /// The member as it came, with its type unchecked; nullptr where it is missing.
  [[nodiscard]] const json::value* raw(std::string_view name) const { return member(name); }

 private:
  [[nodiscard]] const json::value* member(std::string_view name) const;
  [[nodiscard]] Reader reader() const;
  [[nodiscard]] Status require(std::string_view name) const;
  json::object members_;
  json::object sender_;
  std::string path_;
};

/// Seconds since 1970 with milliseconds, as the JSON protocols write times.
double epoch_seconds(Time time);

/// "1 validation error detected: Value 'x' at 'name' failed to satisfy constraint: Member must …".
tl::unexpected<Error> validation_error(std::string_view value, std::string_view name,
                                       std::string_view constraint);

}  // namespace lamplighter::api
