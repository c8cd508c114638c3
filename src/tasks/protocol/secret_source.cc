#include "tasks/protocol/secret_source.h"

#include <array>

#include <fmt/format.h>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

using Kind = SecretSource::Kind;

constexpr std::array kKinds{Kind::env, Kind::file, Kind::ssm};

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::none:
      return "";
    case Kind::env:
      return "env";
    case Kind::file:
      return "file";
    case Kind::ssm:
      return "ssm";
  }
  return "";
}

Kind parse_secret_kind(std::string_view word) {
  for (const Kind kind : kKinds) {
    if (to_string(kind) == word) return kind;
  }
  return Kind::none;
}

std::string SecretSource::text() const { return fmt::format("{}:{}", to_string(kind), name); }

std::string SecretSource::words() const {
  switch (kind) {
    case Kind::none:
      return "nothing";
    case Kind::env:
      return "the variable " + name;
    case Kind::file:
      return "the file " + name;
    case Kind::ssm:
      return "the SSM parameter " + name;
  }
  return "";
}

json::object to_json(const SecretSource& source) { return {{to_string(source.kind), source.name}}; }

Result<SecretSource> read_secret_source(const Reader& fields) {
  constexpr std::string_view kExpected = "one of env, file and ssm";
  if (fields.members().size() != 1) return fields.unexpected(kExpected);
  const std::string key(fields.members().begin()->key());
  SecretSource source;
  source.kind = parse_secret_kind(key);
  if (source.is_none()) return fields.unexpected(kExpected);
  source.name = TRY(fields.nonempty_text(key));
  return source;
}

}  // namespace lamplighter::tasks
