// Which fields each object of a definition may have. The service refuses all others, and so do we.
#pragma once

#include "asl/definition.h"
#include "asl/fields.h"

namespace lamplighter::asl {

/// What an object of a definition is. The states come first, in the order of StateType.
enum class Part {
  task,
  pass,
  choice,
  wait,
  parallel,
  map,
  succeed,
  fail,
  machine,
  branch,
  processor,
  retrier,
  catcher,
  rule
};

inline Part part_of(StateType type) { return static_cast<Part>(type); }

/// A query language; `both` where that does not matter.
enum class Dialect { both, jsonata, jsonpath };

/// Notes each field that a `part` does not have, that belongs to the other dialect, or that does not run
/// here.
void check_fields(Fields& fields, Part part, Dialect dialect);

}  // namespace lamplighter::asl
