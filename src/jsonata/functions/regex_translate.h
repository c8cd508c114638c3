// A JavaScript regular expression (no u flag) as the PCRE2 pattern that means the same.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace lamplighter::jsonata {

struct TranslatedRegex {
  std::u16string pattern;
  bool beyond_ascii = false;  ///< whether it mentions a character beyond ASCII
};

/// `lines`: the m flag. The error says what is wrong with the pattern.
tl::expected<TranslatedRegex, std::string> translate_regex(std::u16string_view pattern, bool lines);

}  // namespace lamplighter::jsonata
