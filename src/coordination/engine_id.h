// Which engine a state directory's is, among others whose executions may have the same ARNs.
#pragma once

#include <string>

#include "base/result.h"
#include "coordination/table.h"

namespace lamplighter::coordination {

/// Of the engine whose own table that is; made at its first use. Errors: the table's.
Result<std::string> engine_id(Table& table);

}  // namespace lamplighter::coordination
