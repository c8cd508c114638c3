// Reading AWS's XML answers, with limits on size, memory and depth.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "base/result.h"

namespace lamplighter::aws {

/// A document with the text that its nodes point into.
struct XmlDocument final : pugi::xml_document {
  std::string source;
};

/// Parses a text whose nodes take at most 40 MiB, nested at most 64 deep; no DTD is followed. What is no
/// UTF-8 is mended. Error: aws "InvalidResponse".
Result<std::unique_ptr<XmlDocument>> parse_xml(std::string text);

/// The text of the descendant at `path` ("stateReason/code"); "" where there is none.
std::string text_at(const pugi::xml_node& node, const char* path);

/// The children called `item` of the descendant at `path`.
std::vector<pugi::xml_node> items_at(const pugi::xml_node& node, const char* path, const char* item);

}  // namespace lamplighter::aws
