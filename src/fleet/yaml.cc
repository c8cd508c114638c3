#include "fleet/yaml.h"

#include <map>
#include <sstream>

#include <fmt/format.h>
#include <tl/expected.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/utf8.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxExpandedBytes = 4 * kMaxBytes;
constexpr std::size_t kMaxNodes = 100'000;
constexpr std::size_t kMaxDepth = 16;

Place place_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

std::size_t count_nodes(const YamlNode& node, std::size_t& bytes) {
  std::size_t count = 1;
  bytes += node.text.size();
  for (const YamlNode& item : node.items) count += count_nodes(item, bytes);
  for (const YamlMember& member : node.members) {
    count += count_nodes(member.key, bytes) + count_nodes(member.value, bytes);
  }
  return count;
}

/// Builds the tree from the parser's events. Throws YAML::ParserException at a limit.
class TreeBuilder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    charge(1, 0, mark);
    finish({YamlNode::Kind::null, place_of(mark), "", false, {}, {}}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw YAML::ParserException(mark, "an alias inside of what it stands for");
    std::size_t bytes = 0;
    const std::size_t nodes = count_nodes(found->second, bytes);
    charge(nodes, bytes, mark);
    YamlNode copy = found->second;
    copy.place = place_of(mark);
    finish(std::move(copy), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    charge(1, value.size(), mark);
    finish({YamlNode::Kind::scalar, place_of(mark), value, tag == "?", {}, {}}, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::sequence, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::mapping, mark, anchor);
  }
  void OnMapEnd() override { close(); }

  YamlNode take_root() { return std::move(root_); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    bool key_waits = false;  ///< the last member has its key and not yet its value
  };

  void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() >= kMaxDepth) {
      throw YAML::ParserException(mark, fmt::format("nested more than {} deep", kMaxDepth));
    }
    charge(1, 0, mark);
    open_.push_back({{kind, place_of(mark), "", false, {}, {}}, anchor});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.anchor);
  }

  void finish(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.key_waits) {
      // An empty value has no place of its own: its key's serves.
      if (node.kind == YamlNode::Kind::null) node.place = parent.node.members.back().key.place;
      parent.node.members.back().value = std::move(node);
      parent.key_waits = false;
    } else {
      parent.node.members.push_back({std::move(node), {}});
      parent.key_waits = true;
    }
  }

  /// Aliases can make a small file a huge tree: count what the tree holds as it grows.
  void charge(std::size_t nodes, std::size_t bytes, const YAML::Mark& mark) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > kMaxNodes || bytes_ > kMaxExpandedBytes) {
      throw YAML::ParserException(mark, "too large once its aliases are expanded");
    }
  }

  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  YamlNode root_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

tl::unexpected<Diagnostic> refuse(Place place, std::string message) {
  return tl::unexpected(Diagnostic{place.line, place.column, std::move(message)});
}

/// Where the byte at `offset` stands.
Place place_at(std::string_view text, std::size_t offset) {
  Place place;
  for (const char c : text.substr(0, offset)) {
    place = c == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + 1};
  }
  return place;
}

}  // namespace

tl::expected<YamlNode, Diagnostic> read_yaml(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return refuse({}, fmt::format("found a file of {} bytes, expected at most {}", text.size(), kMaxBytes));
  }
  if (const std::size_t valid = valid_utf8_prefix(text); valid < text.size()) {
    return refuse(place_at(text, valid), "found bytes that are not UTF-8, expected UTF-8 text");
  }
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    TreeBuilder builder;
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    YamlNode root = builder.take_root();
    TreeBuilder rest;
    if (parser.HandleNextDocument(rest)) {
      return refuse(rest.take_root().place, "found a second YAML document, expected one");
    }
    return root;
  } catch (const YAML::Exception& error) {
    const Place place = error.mark.is_null() ? Place{} : place_of(error.mark);
    return refuse(place, fmt::format("this is no YAML that can be read: {}", error.msg));
  }
}

}  // namespace lamplighter::fleet
