// The format of AWS's config and credentials files: sections, properties, and one level of nested properties
// (`services` sections).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lamplighter::aws {

using IniValues = std::map<std::string, std::string>;

struct IniSection {
  std::string name;  ///< between the brackets, trimmed: "default", "profile dev"
  IniValues values;
  std::map<std::string, IniValues> nested;  ///< "key =" followed by indented "sub = value" lines
};

/// Keys are lower case. At most 10,000 lines. Error: bad_input "InvalidAwsConfig" that names `file` and the
/// line, and never shows the line, which may hold a secret.
Result<std::vector<IniSection>> parse_ini(std::string_view text, std::string_view file);

}  // namespace lamplighter::aws
