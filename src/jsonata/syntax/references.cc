#include "jsonata/syntax/references.h"

#include <algorithm>

namespace lamplighter::jsonata {
namespace {

/// Walks the tree in the order of the text. The context is bound where some value of the expression itself
/// has taken the input's place: behind a path's first step, in predicates, sort terms, groups and transforms.
/// A lambda's body has the context of the place where it is written.
class Walker {
 public:
  References walk(const Node* root) {
    visit(root, false);
    return std::move(found_);
  }

 private:
  void visit(const Node* node, bool bound) {
    if (node == nullptr) return;
    visit_inside(*node, bound);
    for (const Stage& stage : node->predicates) visit(stage.expression, true);
    for (const Stage& stage : node->stages) visit(stage.expression, true);
    visit(node->group, true);
  }

  void visit_inside(const Node& node, bool bound) {
    switch (node.type) {
      case NodeType::name:
        return read_context(node.text, bound);
      case NodeType::variable:
        if (node.text.empty()) return read_context("$", bound);
        found_.root = found_.root || node.text == "$";
        return;
      case NodeType::path:
        return visit_path(node, bound);
      case NodeType::lambda:
        return visit(node.left, bound);  // its items are parameters
      case NodeType::transform:
      case NodeType::sort:
        return visit_children(node, true);
      default:
        return visit_children(node, bound);
    }
  }

  void visit_children(const Node& node, bool bound) {
    visit(node.left, bound);
    for (const Node* item : node.items) visit(item, bound);
    visit(node.right, bound);
    visit(node.other, bound);
    for (const Pair& pair : node.pairs) visit(pair.key, bound), visit(pair.value, bound);
    for (const SortTerm& term : node.terms) visit(term.expression, bound);
  }

  void visit_path(const Node& path, bool bound) {
    const List<Node*>& steps = path.items;
    for (std::size_t i = 0; i < steps.size(); ++i) visit(steps[i], bound || i > 0);
    if (steps.size() < 2 || steps[0]->type != NodeType::variable || steps[1]->type != NodeType::name) return;
    found_.members.emplace(steps[0]->text, steps[1]->text);
  }

  void read_context(std::string_view name, bool bound) {
    auto& names = found_.context;
    if (!bound && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  }

  References found_;
};

}  // namespace

References find_references(const Program& program) { return Walker().walk(program.root); }

}  // namespace lamplighter::jsonata
