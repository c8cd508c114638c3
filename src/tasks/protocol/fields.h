// Reading the members of a JSON object that comes from outside, with errors that say which member, what was
// found and what was expected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"

namespace lamplighter::tasks {

/// The members of one object. Keeps a reference to it. Every error is bad_input "InvalidPayload".
class Fields {
 public:
  /// `path` is how the object is called in errors ("payload.wait").
  static Result<Fields> of(const json::value& value, std::string path);

  /// Required members.
  [[nodiscard]] Result<std::string> text(std::string_view key) const;
  [[nodiscard]] Result<std::string> nonempty_text(std::string_view key) const;
  [[nodiscard]] Result<std::int64_t> whole_number(std::string_view key, std::int64_t min,
                                                  std::int64_t max) const;
  [[nodiscard]] Result<Time> time(std::string_view key) const;
  [[nodiscard]] Result<Fields> object(std::string_view key) const;
  [[nodiscard]] Result<const json::array*> array(std::string_view key) const;

  /// Members that may be missing; then they are empty.
  [[nodiscard]] Result<std::string> optional_text(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string>> optional_texts(std::string_view key) const;

  /// The member itself, or nullptr.
  [[nodiscard]] const json::value* find(std::string_view key) const;
  [[nodiscard]] const json::object& members() const { return *object_; }
  [[nodiscard]] std::string path(std::string_view key) const;

  /// The error of the member `key`: "payload.wait.max: found 0, expected …".
  [[nodiscard]] tl::unexpected<Error> unexpected(std::string_view key, std::string_view expected) const;

 private:
  Fields(const json::object& object, std::string path) : object_(&object), path_(std::move(path)) {}

  const json::object* object_;
  std::string path_;
};

/// bad_input "InvalidPayload": "path: found …, expected …".
tl::unexpected<Error> invalid_payload(std::string_view path, const json::value* found,
                                      std::string_view expected);

}  // namespace lamplighter::tasks
