// Tokens to the raw tree, by operator precedence (Pratt). See resolve.h for what follows.
#pragma once

#include "jsonata/failure.h"
#include "jsonata/syntax/ast.h"
#include "jsonata/syntax/program.h"

namespace lamplighter::jsonata {

/// How high the tree may be: what bounds the stack of everything that walks it.
constexpr std::size_t kMaxTreeHeight = 500;

/// Parses program.text; the tree lives in program.arena.
Attempt<Node*> parse_raw(Program& program);

}  // namespace lamplighter::jsonata
