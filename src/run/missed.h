// What schedules missed, as the daemon tells those who ask at its socket.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "scheduler/store.h"

namespace lamplighter::run {

json::object to_json(const scheduler::MissedRecord& record);
/// nullopt for what is none.
std::optional<scheduler::MissedRecord> read_missed(const json::value& value);

/// "it was older than it may be to be made up for".
std::string_view words_of(scheduler::Missed::Why why);

}  // namespace lamplighter::run
