// Integers as English words, Roman numerals and letters, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lamplighter::jsonata {

/// "Twenty-One", "One Thousand and First" (`ordinal`). The number is finite and not negative.
std::string number_to_words(double number, bool ordinal);
/// The value of lower-case words; NaN where one of them is none.
double words_to_number(std::string_view text);
/// All words that words_to_number knows.
const std::vector<std::string>& number_words();

/// Lower case. The text has an m for each thousand.
std::string number_to_roman(double number);
/// Upper case; NaN where a letter is none.
double roman_to_number(std::string_view text);

/// 1 is a, 26 is z, 27 is aa; `first` is 'a' or 'A'.
std::string number_to_letters(double number, char first);
double letters_to_number(std::string_view text, char first);

}  // namespace lamplighter::jsonata
