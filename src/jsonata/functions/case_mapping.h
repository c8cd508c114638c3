// Upper and lower case as JavaScript maps them.
#pragma once

#include <string>
#include <string_view>

namespace lamplighter::jsonata {

std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);

}  // namespace lamplighter::jsonata
