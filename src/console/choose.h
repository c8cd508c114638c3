// Asking a person which of several is meant.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lamplighter::console {

/// True where there is a person: standard input is a terminal.
bool can_ask();

/// The places, from 0, that an answer names: "2" of 3 is {1}, "all" is {0, 1, 2}; nothing for anything else.
std::vector<std::size_t> places_of(const std::string& answer, std::size_t count);

/// Lists `choices` with numbers on standard error and reads one answer.
std::vector<std::size_t> choose(const std::vector<std::string>& choices);

}  // namespace lamplighter::console
