// The files of a state directory that a backup holds.
#pragma once

#include <array>

#include "coordination/sqlite_table.h"
#include "database/schema.h"
#include "engine/store/database.h"
#include "hours/store.h"
#include "scheduler/store.h"

namespace lamplighter::backup {

inline constexpr const char* kEngine = "engine.db";
/// The API's key pair: a secret.
inline constexpr const char* kKeyPair = "api-key.json";

struct StateDatabase {
  const char* name;
  const database::Format& (*format)();
};

/// In the order in which they must be copied. An occurrence's execution is in the engine's before the
/// scheduler's says that it was started: copied in this order, what the scheduler has as started is there,
/// and what began in between is started again under its name, which does nothing. And what the engine has as
/// counted has been in the hours'; what counts twice counts once. A lease that an execution has is there; one
/// of an execution that isn't ends by itself.
inline constexpr std::array<StateDatabase, 4> kDatabases{
    {{"schedules.sqlite", &scheduler::database_format},
     {kEngine, &engine::database_format},
     {"hours.sqlite", &hours::database_format},
     {"coordination.sqlite", &coordination::database_format}}};

}  // namespace lamplighter::backup
