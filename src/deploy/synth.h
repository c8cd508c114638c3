// Fleet → the files of a deployment on AWS: a CloudFormation template, the state machines' definitions, the
// policies of other accounts' roles, and a README with the commands.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "deploy/template.h"
#include "fleet/fleet.h"

namespace lamplighter::deploy {

/// Relative path → contents.
using Files = std::map<std::string, std::string>;

/// Deterministic: the same fleet gives the same bytes (with calendars: for a month), a small change a small
/// difference. Errors: bad_input with code "TooManyEvents", "FleetTooLarge", "PolicyTooLarge" or
/// "TemplateTooLarge" and the figure; as fleet::days_of.
Result<Files> synthesize(const fleet::Fleet& fleet, const TemplateOptions& options = {});

}  // namespace lamplighter::deploy
