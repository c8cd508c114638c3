// $formatNumber's pictures: "#,##0.00;(#,##0.00)" (XPath Functions and Operators 3.1, 4.7).
#pragma once

#include <string>
#include <string_view>

#include "jsonata/failure.h"

namespace lamplighter::jsonata {

/// `options` is an object that names other signs ("decimal-separator": ","), or undefined. Errors: D3080 to
/// D3093.
Attempt<std::string> format_number(double value, std::string_view picture, Value options, Arena& arena);

}  // namespace lamplighter::jsonata
