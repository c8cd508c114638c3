// A definition's diagnostics in the form of ValidateStateMachineDefinition's answer; also what
// `lamplighter validate-definition` prints.
#pragma once

#include <cstddef>

#include "asl/diagnostic.h"
#include "json/json.h"

namespace lamplighter::api {

struct DiagnosticsForm {
  bool with_warnings = true;
  std::size_t max = 100;
};

/// {"result": "OK"|"FAIL", "diagnostics": [{severity, code, message, location}], "truncated": …}. FAIL where
/// there is an error, shown or not; a location only where there is one.
json::object to_json(const asl::Diagnostics& diagnostics, const DiagnosticsForm& form);

}  // namespace lamplighter::api
