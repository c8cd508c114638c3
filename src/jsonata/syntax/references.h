// What a finished tree reads from outside the expression, as far as its text says.
#pragma once

#include "jsonata/jsonata.h"
#include "jsonata/syntax/program.h"

namespace lamplighter::jsonata {

References find_references(const Program& program);

}  // namespace lamplighter::jsonata
