// Where a fleet's overrides are, and whoever is there.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "coordination/table.h"
#include "run/desk.h"
#include "run/overrule.h"

namespace lamplighter::run {

struct OverrideTable {
  std::unique_ptr<CloudAccess> access;  ///< the way to a table of DynamoDB's, where nothing ever ran
  std::unique_ptr<Desk> desk;           ///< outlives the table; nullptr where nothing ever ran
  std::unique_ptr<coordination::Table> table;

  [[nodiscard]] Time now() const { return desk ? desk->clock().now() : SystemClock().now(); }
};

/// Where nothing ever ran, who changes something makes the state directory. Errors: as Overruling's;
/// bad_input "NoExecutions" for who only looks where nothing ever ran.
Result<OverrideTable> open_override_table(const Overruling& where, Purpose purpose);

}  // namespace lamplighter::run
