#include "api/request/parameters.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::api {
namespace {

// The requests nest a few levels only; definitions and inputs are texts in them.
constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxValues = 10'000;
constexpr std::size_t kMaxShown = 256;

constexpr std::string_view kWrongType = "SerializationException";

Result<std::string> checked(std::string_view name, std::string text, Length length) {
  if (text.size() < length.min) {
    return validation_error(text, name,
                            fmt::format("Member must have length greater than or equal to {}", length.min));
  }
  if (text.size() > length.max) {
    return validation_error(text, name,
                            fmt::format("Member must have length less than or equal to {}", length.max));
  }
  return text;
}

}  // namespace

tl::unexpected<Error> validation_error(std::string_view value, std::string_view name,
                                       std::string_view constraint) {
  return fail(ErrorKind::bad_input, "ValidationException",
              fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: {}",
                          value.substr(0, kMaxShown), name, constraint));
}

double epoch_seconds(Time time) { return static_cast<double>(time.time_since_epoch().count()) / 1000.0; }

Result<Parameters> Parameters::parse(std::string_view body) {
  if (body.empty()) return Parameters({});
  auto value = parse_json(body, {.max_depth = kMaxDepth, .max_values = kMaxValues});
  if (!value) return fail(ErrorKind::bad_input, std::string(kWrongType), value.error().message);
  CHECK_OK(Reader::of(*value, "request", kWrongType));
  return Parameters(std::move(value->get_object()));
}

const json::value* Parameters::member(std::string_view name) const {
  const auto* value = members_.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

Reader Parameters::reader() const {
  return {members_, path_.substr(0, path_.size() - (path_.empty() ? 0 : 1)), kWrongType};
}

Status Parameters::require(std::string_view name) const {
  if (has(name)) return {};
  return fail(
      ErrorKind::bad_input, "ValidationException",
      fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: Member "
                  "must not be null",
                  path_ + std::string(name)));
}

Result<std::string> Parameters::text(std::string_view name, Length length) const {
  CHECK_OK(require(name));
  return checked(path_ + std::string(name), TRY(reader().text(name)), length);
}

Result<std::vector<Reader>> Parameters::objects(std::string_view name) const {
  CHECK_OK(require(name));
  return reader().objects(name);
}

Result<std::vector<std::string>> Parameters::texts(std::string_view name) const {
  CHECK_OK(require(name));
  return reader().optional_texts(name);
}

Result<std::optional<std::string>> Parameters::optional_text(std::string_view name, Length length) const {
  if (!has(name)) return std::nullopt;
  return std::optional(TRY(text(name, length)));
}

Result<std::optional<std::string>> Parameters::choice(std::string_view name,
                                                      const std::vector<std::string_view>& allowed) const {
  auto text = TRY(optional_text(name, {0, kMaxShown}));
  if (!text || std::find(allowed.begin(), allowed.end(), *text) != allowed.end()) return text;
  return validation_error(*text, path_ + std::string(name),
                          fmt::format("Member must satisfy enum value set: [{}]", fmt::join(allowed, ", ")));
}

Result<std::optional<std::int64_t>> Parameters::number(std::string_view name, Range range) const {
  if (!has(name)) return std::nullopt;
  const auto number = TRY(reader().whole_number(name));
  if (number < range.min) {
    return validation_error(std::to_string(number), path_ + std::string(name),
                            fmt::format("Member must have value greater than or equal to {}", range.min));
  }
  if (number > range.max) {
    return validation_error(std::to_string(number), path_ + std::string(name),
                            fmt::format("Member must have value less than or equal to {}", range.max));
  }
  return number;
}

Result<std::optional<Parameters>> Parameters::optional_object(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  const auto object = TRY(reader().object(name));
  return Parameters(object.members(), fmt::format("{}{}.", path_, name));
}

Result<std::optional<Time>> Parameters::optional_time(std::string_view name) const {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  constexpr double kLatest = 253'402'300'799;  // the year 9999
  const double seconds = value->is_number() ? value->to_number<double>() : kLatest + 1;
  if (seconds < 0 || seconds > kLatest) {
    return reader().unexpected(name, "a moment in seconds since 1970");
  }
  return Time(Duration(std::llround(seconds * 1000)));
}

Result<bool> Parameters::truth(std::string_view name, bool fallback) const {
  return has(name) ? reader().truth(name) : fallback;
}

}  // namespace lamplighter::api
