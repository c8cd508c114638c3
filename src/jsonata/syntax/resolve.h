// The raw tree to the one that is evaluated: paths become lists of steps, predicates go to their steps, each
// `%` finds the step whose parent it means, calls in tail position are marked.
#pragma once

#include "jsonata/failure.h"
#include "jsonata/syntax/ast.h"
#include "jsonata/syntax/program.h"

namespace lamplighter::jsonata {

/// Rewrites the tree below `raw` in place.
Attempt<Node*> resolve(Program& program, Node* raw);

}  // namespace lamplighter::jsonata
