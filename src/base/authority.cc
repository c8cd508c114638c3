#include "base/authority.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace lamplighter {
namespace {

constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_label(std::string_view label) {
  const auto is_letter = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kMaxLabel && std::all_of(label.begin(), label.end(), is_letter);
}

/// Labels between dots, perhaps with one dot at the end. Where the last label begins with a digit, somebody
/// may take the name for an address.
bool is_name(std::string_view name) {
  if (name.size() > kMaxName) return false;
  if (name.ends_with('.')) name.remove_suffix(1);
  while (true) {
    const auto dot = name.find('.');
    const auto label = name.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !is_digit(label.front());
    name.remove_prefix(dot + 1);
  }
}

std::optional<std::array<unsigned char, 16>> address(int family, const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(family, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

/// Takes the host from the front of `text`.
std::optional<Authority> take_host(std::string_view& text) {
  Authority found;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    found.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    found.host = text.substr(0, text.find(':'));
    text.remove_prefix(found.host.size());
  }
  std::transform(found.host.begin(), found.host.end(), found.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return found;
}

/// ":8080" to the text's end, or nothing at all.
bool read_port(std::string_view text, std::optional<std::uint16_t>& port) {
  if (text.empty()) return true;
  const auto digits = text.substr(1);
  std::uint16_t number = 0;
  const auto* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number);
  port = number;
  return text.front() == ':' && read.ec == std::errc{} && read.ptr == end && number > 0;
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  auto found = take_host(text);
  if (!found || found->host.find('\0') != std::string::npos || !read_port(text, found->port))
    return std::nullopt;
  if (bracketed) {
    const auto bytes = address(AF_INET6, found->host);
    if (!bytes) return std::nullopt;
    found->is_address = true;
    found->is_loopback = std::all_of(bytes->begin(), bytes->end() - 1, [](auto byte) { return byte == 0; }) &&
                         bytes->back() == 1;
  } else if (const auto bytes = address(AF_INET, found->host)) {
    found->is_address = true;
    found->is_loopback = bytes->front() == 127;
  } else if (is_name(found->host)) {
    found->is_loopback = found->host == "localhost";
  } else {
    return std::nullopt;
  }
  return found;
}

std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

bool is_loopback_url(std::string_view url) {
  const auto authority = parse_authority(authority_of(url));
  return authority && authority->is_loopback;
}

}  // namespace lamplighter
