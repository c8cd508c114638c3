// A YAML document as a tree that remembers where everything stood: what yaml-cpp's Node forgets (duplicate
// keys, places of empty values) is kept. Internal to the fleet parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fleet/parse.h"

namespace lamplighter::fleet {

/// Where something stands in the file; both count from 1.
struct Place {
  int line = 1;
  int column = 1;
};

struct YamlMember;

struct YamlNode {
  enum class Kind { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  Place place;
  std::string text;                 ///< a scalar's
  bool plain = false;               ///< a scalar without quotes, which YAML may read as a number or a truth
  std::vector<YamlNode> items;      ///< a sequence's
  std::vector<YamlMember> members;  ///< a mapping's, in the file's order, duplicates included
};

struct YamlMember {
  YamlNode key;
  YamlNode value;
};

/// Reads one document of at most 1 MiB of UTF-8, nested at most 16 deep, with at most 100,000 nodes after
/// its aliases were expanded. Error: the first thing that is no YAML, or a limit.
tl::expected<YamlNode, Diagnostic> read_yaml(std::string_view text);

}  // namespace lamplighter::fleet
