// Names that every AWS service takes, made of what people call things.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace lamplighter {

/// `text` as a name that every AWS service takes: letters, digits, '-' and '_'; each run of anything else
/// becomes one '-'. A name longer than `max` is cut and ends with a hash of the whole.
std::string aws_name(std::string_view text, std::size_t max = 64);

/// Keeps names apart: two texts can become one name ("a b" and "a-b").
class UniqueNames {
 public:
  /// `name`, or where another text has it already, `name` with a hash of `text`.
  std::string take(const std::string& name, std::string_view text);

 private:
  std::map<std::string, std::string> taken_;
};

}  // namespace lamplighter
