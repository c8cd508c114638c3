// Where a secret stands: a webhook's URL, the key of its signatures. What a machine carries names the place,
// never the secret itself.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

struct SecretSource {
  enum class Kind {
    none,
    env,   ///< a variable of the process that runs the task
    file,  ///< an absolute path, on its machine
    ssm    ///< a parameter of AWS Systems Manager
  };
  Kind kind = Kind::none;
  std::string name;

  [[nodiscard]] bool is_none() const { return kind == Kind::none; }
  /// "env:SLACK_URL".
  [[nodiscard]] std::string text() const;
  /// "the variable SLACK_URL".
  [[nodiscard]] std::string words() const;

  friend bool operator==(const SecretSource&, const SecretSource&) = default;
};

/// "env", "file", "ssm"; "" for none.
std::string_view to_string(SecretSource::Kind kind);
SecretSource::Kind parse_secret_kind(std::string_view word);

/// {"env": "SLACK_URL"}.
json::object to_json(const SecretSource& source);
/// Error: bad_input with the reader's code.
Result<SecretSource> read_secret_source(const Reader& fields);

}  // namespace lamplighter::tasks
