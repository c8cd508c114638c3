// The authority of a URL, and the Host header: HOST[:PORT]. One strict reader, since whoever reads a host in
// another way than the next can be led to trust a stranger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lamplighter {

struct Authority {
  std::string host;  ///< in lower case; an IPv6 address without its brackets
  std::optional<std::uint16_t> port;
  bool is_address = false;  ///< rather than a name
  /// "localhost", 127.0.0.0/8 or ::1, as text: no name is looked up.
  bool is_loopback = false;
};

/// Reads a DNS name ("ec2.example.com", "localhost"), an IPv4 address as four decimal numbers or an IPv6
/// address in brackets, and a port from 1 to 65535. nullopt for anything else: user information ("a@b"),
/// what comes behind a bracket ("[::1].b"), zones, percent-encoding, other ways to write an IPv4 address
/// ("127.1", "0x7f000001").
std::optional<Authority> parse_authority(std::string_view text);

/// The authority within "SCHEME://AUTHORITY/…", as it stands there; "" where there is none.
std::string_view authority_of(std::string_view url);

/// Whether that authority can be read and is of this machine.
bool is_loopback_url(std::string_view url);

}  // namespace lamplighter
