#include "fleet/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace lamplighter::fleet {
namespace {

PCRE2_SPTR bytes(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

void Pattern::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

Pattern::Pattern(std::string_view expression) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  code_.reset(pcre2_compile(bytes(expression), expression.size(), PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error,
                            &offset, nullptr));
}

bool Pattern::matches(std::string_view text) const {
  if (!code_ || text.size() > kMaxLength) return false;
  pcre2_match_data* data = pcre2_match_data_create_from_pattern(code_.get(), nullptr);
  const int found = pcre2_match(code_.get(), bytes(text), text.size(), 0, 0, data, nullptr);
  pcre2_match_data_free(data);
  return found >= 0;
}

}  // namespace lamplighter::fleet
