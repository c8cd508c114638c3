// The built-in functions, a file a family.
#pragma once

#include <span>

#include "jsonata/evaluate/function.h"

namespace lamplighter::jsonata {

std::span<const NativeFunction> number_functions();
std::span<const NativeFunction> aggregate_functions();
std::span<const NativeFunction> string_functions();
std::span<const NativeFunction> pattern_functions();
std::span<const NativeFunction> coding_functions();
std::span<const NativeFunction> boolean_functions();
std::span<const NativeFunction> array_functions();
std::span<const NativeFunction> object_functions();
std::span<const NativeFunction> higher_order_functions();
std::span<const NativeFunction> picture_functions();
std::span<const NativeFunction> date_functions();
std::span<const NativeFunction> step_functions();

}  // namespace lamplighter::jsonata
