#include "deploy/names.h"

#include <cctype>

#include <fmt/format.h>

#include "base/hash.h"

namespace lamplighter::deploy {
namespace {

bool is_plain(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

std::string aws_name(std::string_view text, std::size_t max) {
  std::string name;
  for (const char c : text) {
    const bool keep = is_plain(c) || c == '_' || c == '-';
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

std::string logical_id(std::string_view prefix, std::string_view text) {
  std::string id(prefix);
  bool word_begins = true;
  for (const char c : text) {
    if (is_plain(c)) id += word_begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    word_begins = !is_plain(c);
  }
  return id;
}

std::string stack_name(const fleet::Fleet& fleet) { return aws_name("lamplighter-" + fleet.name); }

std::string part_name(const fleet::Fleet& fleet, std::string_view part, std::size_t max) {
  return aws_name(fmt::format("lamplighter-{}-{}", fleet.name, part), max);
}

std::string home_region(const fleet::Fleet& fleet) {
  if (!fleet.region.empty()) return fleet.region;
  if (!fleet.notify.region.empty()) return fleet.notify.region;
  return fleet.environments.empty() ? "us-east-1" : fleet.environments.front().region;
}

}  // namespace lamplighter::deploy
