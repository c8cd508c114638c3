#include "deploy/names.h"

#include <cctype>

#include <fmt/format.h>

namespace lamplighter::deploy {
namespace {

bool is_plain(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

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
  for (const fleet::Notify& one : fleet.notify) {
    if (!one.region.empty()) return one.region;
  }
  return fleet.environments.empty() ? "us-east-1" : fleet.environments.front().region;
}

}  // namespace lamplighter::deploy
