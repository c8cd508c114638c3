#include "aws/client/xml.h"

#include <fmt/format.h>

namespace lamplighter::aws {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;
constexpr int kMaxDepth = 64;

/// Stops at the first node that lies too deep.
class DepthCheck final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& /*node*/) override { return depth() < kMaxDepth; }
};

}  // namespace

Result<std::unique_ptr<pugi::xml_document>> parse_xml(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return fail(ErrorKind::aws, "InvalidResponse", fmt::format("found {} bytes of XML", text.size()));
  }
  auto document = std::make_unique<pugi::xml_document>();
  const auto outcome =
      document->load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!outcome) {
    return fail(ErrorKind::aws, "InvalidResponse",
                fmt::format("the answer is not XML: {} at byte {}", outcome.description(), outcome.offset));
  }
  DepthCheck check;
  if (!document->traverse(check)) {
    return fail(ErrorKind::aws, "InvalidResponse", "the answer's XML is nested too deep");
  }
  return document;
}

std::string text_at(const pugi::xml_node& node, const char* path) {
  return node.first_element_by_path(path).text().get();
}

std::vector<pugi::xml_node> items_at(const pugi::xml_node& node, const char* path, const char* item) {
  const auto children = node.first_element_by_path(path).children(item);
  return {children.begin(), children.end()};
}

}  // namespace lamplighter::aws
