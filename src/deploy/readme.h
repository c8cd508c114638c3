// The README beside the template: the exact commands from the files to a running, scheduled system.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "deploy/machines.h"
#include "fleet/fleet.h"

namespace lamplighter::deploy {

/// `now`: from when on the calendars' days were worked out. `template_bytes` decides how the template can be
/// validated: above 51,200 bytes only from S3.
std::string readme(const fleet::Fleet& fleet, const std::vector<Machine>& machines, Time now,
                   std::size_t template_bytes);

/// "123456789012-Lamplighter": what the files for a role of the environments are called.
std::string role_file_name(const std::string& role_arn);

}  // namespace lamplighter::deploy
