#include "base/aws_name.h"

#include <cctype>

#include <fmt/format.h>

#include "base/hash.h"

namespace lamplighter {

std::string aws_name(std::string_view text, std::size_t max) {
  std::string name;
  for (const char c : text) {
    const bool keep = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    if (keep || (!name.empty() && name.back() != '-')) name += keep ? c : '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  constexpr std::size_t kHashSize = 9;
  if (name.size() <= max && !name.empty()) return name;
  return fmt::format("{}-{:08x}", name.substr(0, max - kHashSize), fnv1a(text));
}

std::string UniqueNames::take(const std::string& name, std::string_view text) {
  const auto [first, fresh] = taken_.try_emplace(name, text);
  return fresh || first->second == text ? name : fmt::format("{}{:08x}", name, fnv1a(text));
}

}  // namespace lamplighter
