#include "jsonata/syntax/ancestry.h"

namespace lamplighter::jsonata {

std::string_view type_name(const Node& node) {
  switch (node.type) {
    case NodeType::variable:
      return "variable";
    case NodeType::string:
      return "string";
    case NodeType::number:
      return "number";
    case NodeType::literal:
      return "value";
    case NodeType::regex:
      return "regex";
    case NodeType::descendant:
      return "descendant";
    case NodeType::binary:
      return "binary";
    case NodeType::negate:
    case NodeType::array:
    case NodeType::object:
      return "unary";
    case NodeType::function:
      return "function";
    case NodeType::partial:
      return "partial";
    case NodeType::lambda:
      return "lambda";
    case NodeType::condition:
      return "condition";
    case NodeType::bind:
      return "bind";
    case NodeType::apply:
      return "apply";
    case NodeType::transform:
      return "transform";
    case NodeType::block:
      return "block";
    case NodeType::parent:
      return "parent";
    case NodeType::sort:
      return "sort";
    default:
      return "path";
  }
}

void Ancestry::add(Node* parent) {
  // "!" can't start a variable's name, so no variable hides the label.
  const std::string label = "!" + std::to_string(slots_.size());
  const Symbol symbol = program_.symbols.intern(arena_, arena_.copy(label));
  parent->slot = arena_.make<Slot>(Slot{symbol, 1, slots_.size()});
  slots_.push(arena_, parent->slot);
}

void Ancestry::push(Node* node, Node* child) {
  for (Slot* slot : child->seeking) node->seeking.push(arena_, slot);
  if (child->type == NodeType::parent) node->seeking.push(arena_, child->slot);
}

Done Ancestry::resolve(Node* path) {
  Node* last = path->items.back();
  List<Slot*> slots = last->seeking;
  if (last->type == NodeType::parent) slots.push(arena_, last->slot);
  for (Slot* slot : slots) {
    auto index = static_cast<std::ptrdiff_t>(path->items.size()) - 2;
    while (slot->level > 0) {
      if (index < 0) {
        path->seeking.push(arena_, slot);
        break;
      }
      Node* step = path->items[static_cast<std::size_t>(index--)];
      // Of steps that bind the same focus, the first one counts.
      while (index >= 0 && step->focus != kNoSymbol &&
             path->items[static_cast<std::size_t>(index)]->focus != kNoSymbol) {
        step = path->items[static_cast<std::size_t>(index--)];
      }
      slot = JSONATA_TRY(seek(step, slot));
    }
  }
  return {};
}

Done Ancestry::resolve_predicate(Node* step, Node* predicate) {
  for (Slot* slot : predicate->seeking) {
    if (slot->level == 1) {
      JSONATA_CHECK(seek(step, slot));
    } else {
      --slot->level;
    }
  }
  push(step, predicate);
  return {};
}

Attempt<Slot*> Ancestry::seek(Node* node, Slot* slot) {
  switch (node->type) {
    case NodeType::name:
    case NodeType::wildcard:
      if (--slot->level == 0) remember(node, slot);
      return slot;
    case NodeType::parent:
      ++slot->level;
      return slot;
    case NodeType::block:
      if (node->items.empty()) return slot;
      node->tuple = true;
      return seek(node->items.back(), slot);
    case NodeType::path:
      return seek_in_path(node, slot);
    default:
      break;
  }
  Failure failure;
  failure.code = "S0217";
  failure.position = node->position;
  failure.token = type_name(*node);
  failure.has_token = true;
  return fail(arena_, failure);
}

Attempt<Slot*> Ancestry::seek_in_path(Node* path, Slot* slot) {
  path->tuple = true;
  std::size_t index = path->items.size();
  do {
    slot = JSONATA_TRY(seek(path->items[--index], slot));
  } while (slot->level > 0 && index > 0);
  return slot;
}

void Ancestry::remember(Node* step, Slot* slot) {
  if (step->ancestor != nullptr) slots_[slot->index]->label = step->ancestor->label;  // one label serves both
  step->ancestor = slot;
  step->tuple = true;
}

}  // namespace lamplighter::jsonata
