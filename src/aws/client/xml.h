// Reading AWS's XML answers, with limits on size and depth.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "base/result.h"

namespace lamplighter::aws {

/// Parses at most 64 MiB, nested at most 64 deep; no DTD is followed. Error: aws "InvalidResponse".
Result<std::unique_ptr<pugi::xml_document>> parse_xml(std::string_view text);

/// The text of the descendant at `path` ("stateReason/code"); "" where there is none.
std::string text_at(const pugi::xml_node& node, const char* path);

/// The children called `item` of the descendant at `path`.
std::vector<pugi::xml_node> items_at(const pugi::xml_node& node, const char* path, const char* item);

}  // namespace lamplighter::aws
