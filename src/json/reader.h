// Reading the members of a JSON object that comes from outside, each by its type, with errors that say where,
// what was found and what was expected: "payload.phases[2].name: found 5, expected a text".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/clock.h"
#include "base/result.h"

namespace lamplighter {

namespace json = boost::json;

/// The whole number that a value is: 3, and 3.0.
std::optional<std::int64_t> as_whole_number(const json::value& value);

/// Keeps a reference to the object. Every error is bad_input, with the reader's code.
class Reader {
 public:
  /// `path` is how the object is called in errors ("payload.wait"; "" for none), `code` the errors' code,
  /// which must outlive the reader.
  Reader(const json::object& object, std::string path, std::string_view code)
      : object_(&object), path_(std::move(path)), code_(code) {}
  /// Error: `value` is no object.
  static Result<Reader> of(const json::value& value, std::string path, std::string_view code);

  /// Required members.
  [[nodiscard]] Result<std::string> text(std::string_view key) const;
  [[nodiscard]] Result<std::string> nonempty_text(std::string_view key) const;
  [[nodiscard]] Result<std::int64_t> whole_number(std::string_view key) const;
  [[nodiscard]] Result<std::int64_t> whole_number(std::string_view key, std::int64_t min,
                                                  std::int64_t max) const;
  [[nodiscard]] Result<bool> truth(std::string_view key) const;
  [[nodiscard]] Result<Time> time(std::string_view key) const;
  [[nodiscard]] Result<Reader> object(std::string_view key) const;
  [[nodiscard]] Result<std::vector<Reader>> objects(std::string_view key) const;
  [[nodiscard]] Result<const json::array*> array(std::string_view key) const;

  /// Members that may be missing; then they are empty.
  [[nodiscard]] Result<std::string> optional_text(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string>> optional_texts(std::string_view key) const;
  [[nodiscard]] Result<std::vector<Reader>> optional_objects(std::string_view key) const;
  [[nodiscard]] Result<std::optional<Time>> optional_time(
      std::string_view key) const;  ///< nullopt for "" too
  /// From 0 to `max`; 0 where it is missing.
  [[nodiscard]] Result<std::int64_t> optional_count(std::string_view key, std::int64_t max) const;

  /// The member itself, or nullptr.
  [[nodiscard]] const json::value* find(std::string_view key) const { return object_->if_contains(key); }
  [[nodiscard]] const json::object& members() const { return *object_; }

  /// The error of the member `key`: "payload.wait.max: found 0, expected …".
  [[nodiscard]] tl::unexpected<Error> unexpected(std::string_view key, std::string_view expected) const;
  /// The error of the object as a whole.
  [[nodiscard]] tl::unexpected<Error> unexpected(std::string_view expected) const;

 private:
  [[nodiscard]] std::string path(std::string_view key) const;
  [[nodiscard]] std::string path(std::string_view key, std::size_t index) const;

  const json::object* object_;
  std::string path_;
  std::string_view code_;
};

}  // namespace lamplighter
