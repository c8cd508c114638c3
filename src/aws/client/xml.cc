#include "aws/client/xml.h"

#include <cstdlib>

#include <fmt/format.h>

#include "base/utf8.h"

namespace lamplighter::aws {
namespace {

constexpr std::size_t kMaxNodeBytes = std::size_t{40} << 20U;
constexpr int kMaxDepth = 64;

/// What pugixml may still allocate on this thread; nullptr outside of parse_xml().
thread_local std::size_t* allowance = nullptr;

/// A short text grows tenfold and more as nodes: the limit is on what they take, wherever that comes from.
void* allocate_within_allowance(std::size_t size) {
  if (allowance != nullptr && *allowance < size) return nullptr;
  if (allowance != nullptr) *allowance -= size;
  return std::malloc(size);  // NOLINT(cppcoreguidelines-no-malloc)
}

pugi::xml_parse_result parse_within_allowance(XmlDocument& document) {
  static const bool limited = [] {
    pugi::set_memory_management_functions(allocate_within_allowance, std::free);
    return true;
  }();
  std::size_t left = limited ? kMaxNodeBytes : 0;
  allowance = &left;
  const auto outcome = document.load_buffer_inplace(document.source.data(), document.source.size(),
                                                    pugi::parse_default, pugi::encoding_utf8);
  allowance = nullptr;
  return outcome;
}

/// Stops at the first node that lies too deep.
class DepthCheck final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& /*node*/) override { return depth() < kMaxDepth; }
};

}  // namespace

Result<std::unique_ptr<XmlDocument>> parse_xml(std::string text) {
  auto document = std::make_unique<XmlDocument>();
  const bool is_utf8 = valid_utf8_prefix(text) == text.size();
  document->source = is_utf8 ? std::move(text) : mend_utf8(text);
  const auto outcome = parse_within_allowance(*document);
  if (outcome.status == pugi::status_out_of_memory) {
    return fail(ErrorKind::aws, "InvalidResponse", "the answer has too many elements");
  }
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
