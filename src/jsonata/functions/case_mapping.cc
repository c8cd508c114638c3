#include "jsonata/functions/case_mapping.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <locale.h>
#include <wctype.h>

#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

struct Expansion {
  char32_t letter;
  std::u16string_view upper;
};

// The letters whose upper case is more than one character (Unicode's SpecialCasing.txt), in order.
constexpr Expansion kExpansions[] = {
    {0xDF, u"\u0053\u0053"},         {0x149, u"\u02BC\u004E"},        {0x1F0, u"\u004A\u030C"},
    {0x390, u"\u0399\u0308\u0301"},  {0x3B0, u"\u03A5\u0308\u0301"},  {0x587, u"\u0535\u0552"},
    {0x1E96, u"\u0048\u0331"},       {0x1E97, u"\u0054\u0308"},       {0x1E98, u"\u0057\u030A"},
    {0x1E99, u"\u0059\u030A"},       {0x1E9A, u"\u0041\u02BE"},       {0x1F50, u"\u03A5\u0313"},
    {0x1F52, u"\u03A5\u0313\u0300"}, {0x1F54, u"\u03A5\u0313\u0301"}, {0x1F56, u"\u03A5\u0313\u0342"},
    {0x1F80, u"\u1F08\u0399"},       {0x1F81, u"\u1F09\u0399"},       {0x1F82, u"\u1F0A\u0399"},
    {0x1F83, u"\u1F0B\u0399"},       {0x1F84, u"\u1F0C\u0399"},       {0x1F85, u"\u1F0D\u0399"},
    {0x1F86, u"\u1F0E\u0399"},       {0x1F87, u"\u1F0F\u0399"},       {0x1F88, u"\u1F08\u0399"},
    {0x1F89, u"\u1F09\u0399"},       {0x1F8A, u"\u1F0A\u0399"},       {0x1F8B, u"\u1F0B\u0399"},
    {0x1F8C, u"\u1F0C\u0399"},       {0x1F8D, u"\u1F0D\u0399"},       {0x1F8E, u"\u1F0E\u0399"},
    {0x1F8F, u"\u1F0F\u0399"},       {0x1F90, u"\u1F28\u0399"},       {0x1F91, u"\u1F29\u0399"},
    {0x1F92, u"\u1F2A\u0399"},       {0x1F93, u"\u1F2B\u0399"},       {0x1F94, u"\u1F2C\u0399"},
    {0x1F95, u"\u1F2D\u0399"},       {0x1F96, u"\u1F2E\u0399"},       {0x1F97, u"\u1F2F\u0399"},
    {0x1F98, u"\u1F28\u0399"},       {0x1F99, u"\u1F29\u0399"},       {0x1F9A, u"\u1F2A\u0399"},
    {0x1F9B, u"\u1F2B\u0399"},       {0x1F9C, u"\u1F2C\u0399"},       {0x1F9D, u"\u1F2D\u0399"},
    {0x1F9E, u"\u1F2E\u0399"},       {0x1F9F, u"\u1F2F\u0399"},       {0x1FA0, u"\u1F68\u0399"},
    {0x1FA1, u"\u1F69\u0399"},       {0x1FA2, u"\u1F6A\u0399"},       {0x1FA3, u"\u1F6B\u0399"},
    {0x1FA4, u"\u1F6C\u0399"},       {0x1FA5, u"\u1F6D\u0399"},       {0x1FA6, u"\u1F6E\u0399"},
    {0x1FA7, u"\u1F6F\u0399"},       {0x1FA8, u"\u1F68\u0399"},       {0x1FA9, u"\u1F69\u0399"},
    {0x1FAA, u"\u1F6A\u0399"},       {0x1FAB, u"\u1F6B\u0399"},       {0x1FAC, u"\u1F6C\u0399"},
    {0x1FAD, u"\u1F6D\u0399"},       {0x1FAE, u"\u1F6E\u0399"},       {0x1FAF, u"\u1F6F\u0399"},
    {0x1FB2, u"\u1FBA\u0399"},       {0x1FB3, u"\u0391\u0399"},       {0x1FB4, u"\u0386\u0399"},
    {0x1FB6, u"\u0391\u0342"},       {0x1FB7, u"\u0391\u0342\u0399"}, {0x1FBC, u"\u0391\u0399"},
    {0x1FC2, u"\u1FCA\u0399"},       {0x1FC3, u"\u0397\u0399"},       {0x1FC4, u"\u0389\u0399"},
    {0x1FC6, u"\u0397\u0342"},       {0x1FC7, u"\u0397\u0342\u0399"}, {0x1FCC, u"\u0397\u0399"},
    {0x1FD2, u"\u0399\u0308\u0300"}, {0x1FD3, u"\u0399\u0308\u0301"}, {0x1FD6, u"\u0399\u0342"},
    {0x1FD7, u"\u0399\u0308\u0342"}, {0x1FE2, u"\u03A5\u0308\u0300"}, {0x1FE3, u"\u03A5\u0308\u0301"},
    {0x1FE4, u"\u03A1\u0313"},       {0x1FE6, u"\u03A5\u0342"},       {0x1FE7, u"\u03A5\u0308\u0342"},
    {0x1FF2, u"\u1FFA\u0399"},       {0x1FF3, u"\u03A9\u0399"},       {0x1FF4, u"\u038F\u0399"},
    {0x1FF6, u"\u03A9\u0342"},       {0x1FF7, u"\u03A9\u0342\u0399"}, {0x1FFC, u"\u03A9\u0399"},
    {0xFB00, u"\u0046\u0046"},       {0xFB01, u"\u0046\u0049"},       {0xFB02, u"\u0046\u004C"},
    {0xFB03, u"\u0046\u0046\u0049"}, {0xFB04, u"\u0046\u0046\u004C"}, {0xFB05, u"\u0053\u0054"},
    {0xFB06, u"\u0053\u0054"},       {0xFB13, u"\u0544\u0546"},       {0xFB14, u"\u0544\u0535"},
    {0xFB15, u"\u0544\u053B"},       {0xFB16, u"\u054E\u0546"},       {0xFB17, u"\u0544\u053D"},
};

// Unicode's own letters, whatever the process's locale. Built into glibc.
locale_t unicode_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

char32_t upper_letter(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  if (unicode_locale() == nullptr) return c;
  return static_cast<char32_t>(towupper_l(static_cast<wint_t>(c), unicode_locale()));
}

char32_t lower_letter(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (unicode_locale() == nullptr) return c;
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), unicode_locale()));
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c | 0x20U) >= 'a' && (c | 0x20U) <= 'z';
  return unicode_locale() != nullptr && iswalpha_l(static_cast<wint_t>(c), unicode_locale()) != 0;
}

const Expansion* expansion_of(char32_t c) {
  const auto* found =
      std::lower_bound(std::begin(kExpansions), std::end(kExpansions), c,
                       [](const Expansion& row, char32_t letter) { return row.letter < letter; });
  return found != std::end(kExpansions) && found->letter == c ? found : nullptr;
}

}  // namespace

std::string to_upper(std::string_view text) {
  std::string upper;
  upper.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    if (const Expansion* expansion = c < 0x80 ? nullptr : expansion_of(c)) {
      upper.append(from_units(expansion->upper));
    } else {
      append_code_point(upper, upper_letter(c));
    }
  }
  return upper;
}

std::string to_lower(std::string_view text) {
  constexpr char32_t kCapitalSigma = 0x3A3;
  constexpr char32_t kSigma = 0x3C3;
  constexpr char32_t kFinalSigma = 0x3C2;
  constexpr char32_t kDottedCapitalI = 0x130;
  std::string lower;
  lower.reserve(text.size());
  bool after_letter = false;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    if (c == kDottedCapitalI) {
      lower.append("i\xCC\x87");
    } else if (c == kCapitalSigma) {
      std::size_t ahead = i;
      const bool before_letter = i < text.size() && is_letter(next_code_point(text, ahead));
      append_code_point(lower, after_letter && !before_letter ? kFinalSigma : kSigma);
    } else {
      append_code_point(lower, lower_letter(c));
    }
    after_letter = is_letter(c);
  }
  return lower;
}

}  // namespace lamplighter::jsonata
