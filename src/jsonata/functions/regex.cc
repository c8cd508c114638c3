#define PCRE2_CODE_UNIT_WIDTH 16
#include "jsonata/functions/regex.h"

#include <algorithm>
#include <array>

#include <pcre2.h>

#include "jsonata/functions/regex_translate.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

constexpr std::uint32_t kMatchLimit = 1'000'000;  // steps of one search
constexpr std::uint32_t kDepthOfMatch = 100'000;  // nested backtracking points
constexpr std::uint32_t kHeapKibibytes = 32 * 1024;

struct ContextDeleter {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct DataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

std::unique_ptr<pcre2_match_context, ContextDeleter> make_context() {
  std::unique_ptr<pcre2_match_context, ContextDeleter> context(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(context.get(), kMatchLimit);
  pcre2_set_depth_limit(context.get(), kDepthOfMatch);
  pcre2_set_heap_limit(context.get(), kHeapKibibytes);
  return context;
}

std::string error_text(int number) {
  std::array<char16_t, 160> buffer{};
  const int length =
      pcre2_get_error_message(number, reinterpret_cast<PCRE2_UCHAR*>(buffer.data()), buffer.size());
  return length < 0 ? "invalid"
                    : from_units(std::u16string_view(buffer.data(), static_cast<std::size_t>(length)));
}

}  // namespace

tl::expected<std::unique_ptr<const Regex>, std::string> Regex::compile(std::string_view pattern,
                                                                       std::string_view flags) {
  auto translated = translate_regex(to_units(pattern), flags.find('m') != std::string_view::npos);
  if (!translated) return tl::unexpected("Invalid regular expression: " + std::move(translated).error());
  std::uint32_t options = PCRE2_MATCH_UNSET_BACKREF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF;
  if (flags.find('i') != std::string_view::npos) {
    options |= PCRE2_CASELESS;
    // Knowing the letters beyond ASCII would also let k match the Kelvin sign, so only where such letters
    // occur.
    if (translated->beyond_ascii) options |= PCRE2_UCP;
  }
  int error = 0;
  PCRE2_SIZE offset = 0;
  const std::u16string& text = translated->pattern;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &error,
                                   &offset, nullptr);
  if (code == nullptr) return tl::unexpected("Invalid regular expression: " + error_text(error));
  return std::unique_ptr<const Regex>(new Regex(code));
}

Regex::~Regex() { pcre2_code_free(static_cast<pcre2_code*>(code_)); }

tl::expected<Regex::Match, Regex::Error> Regex::search(std::u16string_view subject, std::size_t from) const {
  if (from > subject.size()) return tl::unexpected(Error::no_match);
  const auto* code = static_cast<const pcre2_code*>(code_);
  const auto context = make_context();
  const std::unique_ptr<pcre2_match_data, DataDeleter> data(
      pcre2_match_data_create_from_pattern(code, nullptr));
  const int count = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from, 0,
                                data.get(), context.get());
  if (count == PCRE2_ERROR_NOMATCH) return tl::unexpected(Error::no_match);
  if (count < 0) return tl::unexpected(Error::limit);
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  Match match(pcre2_get_ovector_count(data.get()));
  for (std::size_t i = 0; i < match.size(); ++i) {
    const bool matched = i < static_cast<std::size_t>(count) && offsets[2 * i] != PCRE2_UNSET;
    match[i] = matched ? Range{offsets[2 * i], offsets[2 * i + 1], true} : Range{0, 0, false};
  }
  return match;
}

}  // namespace lamplighter::jsonata
