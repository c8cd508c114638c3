// How long ended executions stay, as people say it.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "engine/core/records.h"

namespace lamplighter::run {

/// `age` as "90d", from an hour to ten years, `size` as "1GiB" or "500MiB", from 1 MiB on; "" for the usual
/// one. nullopt where neither is said: as it was. Error: bad_input "Usage" that names the option.
Result<std::optional<engine::Retention>> retention_of(const std::string& age, const std::string& size);

}  // namespace lamplighter::run
