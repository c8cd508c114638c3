#include "jsonata/syntax/resolve.h"

#include <algorithm>

#include "jsonata/evaluate/stack_guard.h"
#include "jsonata/syntax/ancestry.h"

namespace lamplighter::jsonata {
namespace {

class Resolver {
 public:
  explicit Resolver(Program& program) : arena_(program.arena), ancestry_(program) {}

  Attempt<Node*> root(Node* raw) {
    Node* node = JSONATA_TRY(resolve(raw));
    if (node->type == NodeType::parent || !node->seeking.empty()) {
      return fail_at("S0217", node, type_name(*node));
    }
    return node;
  }

 private:
  using Resolved = Attempt<Node*>;
  // Each member in a frame of its own: see parser.cc.

  tl::unexpected<Failure*> fail_at(const char* code, const Node* node, std::string_view token = {},
                                   Value value = {}) {
    Failure failure;
    failure.code = code;
    failure.position = node->position;
    failure.token = token;
    failure.has_token = !token.empty();
    failure.value = value;
    return fail(arena_, failure);
  }

  Resolved resolve(Node* raw) {
    if (stack_.is_exceeded()) return fail_at(kDepthLimit, raw, raw->text);
    const bool keep_array = raw->keep_array;
    Node* node = JSONATA_TRY(rewrite(raw));
    if (keep_array) node->keep_array = true;
    return node;
  }

  Resolved rewrite(Node* node) {
    switch (node->type) {
      case NodeType::name:
        return name(node);
      case NodeType::parent:
        ancestry_.add(node);
        return node;
      case NodeType::dot:
        return dot(node);
      case NodeType::predicate:
        return predicate(node);
      case NodeType::group_by:
        return group_by(node);
      case NodeType::order_by:
        return order_by(node);
      case NodeType::focus:
        return focus(node);
      case NodeType::position:
        return position(node);
      case NodeType::bind:
        return bind(node);
      case NodeType::apply:
        return apply(node);
      case NodeType::negate:
        return negate(node);
      case NodeType::binary:
        return with_children(node, {&node->left, &node->right});
      case NodeType::condition:
        return with_children(node, {&node->left, &node->right, &node->other});
      case NodeType::array:
        return with_items(node);
      case NodeType::object:
        return object(node);
      case NodeType::function:
      case NodeType::partial:
        return call(node);
      case NodeType::lambda:
        return lambda(node);
      case NodeType::transform:
        return transform(node);
      case NodeType::block:
        return block(node);
      case NodeType::end:
        return fail_at("S0207", node, "(end)");
      default:
        return node;
    }
  }

  Node* make_path(Node* step) {
    Node* path = arena_.make<Node>(Node{.type = NodeType::path});
    path->position = step->position;
    path->items.push(arena_, step);
    return path;
  }

  // --- nodes with children --------------------------------------------------------------------------------
  [[gnu::noinline]] Resolved with_children(Node* node, std::initializer_list<Node**> children) {
    for (Node** child : children) {
      if (*child == nullptr) continue;
      *child = JSONATA_TRY(resolve(*child));
      ancestry_.push(node, *child);
    }
    return node;
  }

  [[gnu::noinline]] Resolved with_items(Node* node) {
    for (Node*& item : node->items) {
      item = JSONATA_TRY(resolve(item));
      ancestry_.push(node, item);
    }
    return node;
  }

  [[gnu::noinline]] Resolved object(Node* node) {
    for (Pair& pair : node->pairs) JSONATA_CHECK(with_children(node, {&pair.key, &pair.value}));
    return node;
  }

  [[gnu::noinline]] Resolved call(Node* node) {
    JSONATA_CHECK(with_items(node));
    node->left = JSONATA_TRY(resolve(node->left));
    return node;
  }

  [[gnu::noinline]] Resolved lambda(Node* node) {
    node->left = tail_call(JSONATA_TRY(resolve(node->left)));
    return node;
  }

  [[gnu::noinline]] Resolved transform(Node* node) {
    for (Node** child : {&node->left, &node->right, &node->other}) {
      if (*child != nullptr) *child = JSONATA_TRY(resolve(*child));
    }
    return node;
  }

  [[gnu::noinline]] Resolved block(Node* node) {
    JSONATA_CHECK(with_items(node));
    node->constructed = std::any_of(node->items.begin(), node->items.end(), [](const Node* item) {
      return item->constructed || (item->type == NodeType::path && item->items[0]->constructed);
    });
    return node;
  }

  [[gnu::noinline]] Resolved bind(Node* node) {
    node->right = JSONATA_TRY(resolve(node->right));
    ancestry_.push(node, node->right);
    return node;
  }

  [[gnu::noinline]] Resolved apply(Node* node) {
    node->left = JSONATA_TRY(resolve(node->left));
    node->right = JSONATA_TRY(resolve(node->right));
    node->keep_array = node->left->keep_array || node->right->keep_array;
    return node;
  }

  [[gnu::noinline]] Resolved negate(Node* node) {
    node->left = JSONATA_TRY(resolve(node->left));
    if (node->left->type == NodeType::number) {
      node->left->value = Value(-node->left->value.number());
      return node->left;
    }
    ancestry_.push(node, node->left);
    return node;
  }

  // --- paths ----------------------------------------------------------------------------------------------
  [[gnu::noinline]] Resolved name(Node* node) {
    Node* path = make_path(node);
    path->keep_singleton_array = node->keep_array;
    path->plain = !node->keep_array;
    return path;
  }

  [[gnu::noinline]] Resolved dot(Node* node) {
    Node* first = JSONATA_TRY(resolve(node->left));
    Node* path = first->type == NodeType::path ? first : make_path(first);
    if (first->type == NodeType::parent) path->seeking.push(arena_, first->slot);
    JSONATA_CHECK(append(path, JSONATA_TRY(resolve(node->right))));
    mark_constructors(path);
    path->keep_singleton_array =
        path->keep_singleton_array || std::any_of(path->items.begin(), path->items.end(),
                                                  [](const Node* step) { return step->keep_array; });
    JSONATA_CHECK(ancestry_.resolve(path));
    return path;
  }

  Done append(Node* path, Node* rest) {
    if (rest->type == NodeType::path) {
      for (Node* step : rest->items) path->items.push(arena_, step);
    } else {
      rest->stages = rest->predicates;
      rest->predicates.clear();
      path->items.push(arena_, rest);
    }
    for (Node* step : path->items) {
      if (step->type == NodeType::number || step->type == NodeType::literal) {
        return fail_at("S0213", step, {}, step->value);
      }
      if (step->type == NodeType::string) {
        step->type = NodeType::name;
        step->text = step->value.string();
      }
    }
    return {};
  }

  static void mark_constructors(Node* path) {
    for (Node* step : {path->items[0], path->items.back()}) {
      if (step->type == NodeType::array) step->constructed = true;
    }
  }

  [[gnu::noinline]] Resolved predicate(Node* node) {
    Node* result = JSONATA_TRY(resolve(node->left));
    const bool in_path = result->type == NodeType::path;
    Node* step = in_path ? result->items.back() : result;
    if (step->group != nullptr) return fail_at("S0209", node);
    Node* filter = JSONATA_TRY(resolve(node->right));
    if (!filter->seeking.empty()) JSONATA_CHECK(ancestry_.resolve_predicate(step, filter));
    (in_path ? step->stages : step->predicates).push(arena_, Stage{filter});
    return result;
  }

  [[gnu::noinline]] Resolved group_by(Node* node) {
    Node* result = JSONATA_TRY(resolve(node->left));
    if (result->group != nullptr) return fail_at("S0210", node);
    for (Pair& pair : node->pairs) {
      pair.key = JSONATA_TRY(resolve(pair.key));
      pair.value = JSONATA_TRY(resolve(pair.value));
    }
    node->type = NodeType::object;
    node->left = nullptr;
    result->group = node;
    return result;
  }

  [[gnu::noinline]] Resolved order_by(Node* node) {
    Node* result = JSONATA_TRY(resolve(node->left));
    if (result->type != NodeType::path) result = make_path(result);
    node->type = NodeType::sort;
    node->left = nullptr;
    for (SortTerm& term : node->terms) {
      term.expression = JSONATA_TRY(resolve(term.expression));
      ancestry_.push(node, term.expression);
    }
    node->keep_array = false;
    result->items.push(arena_, node);
    JSONATA_CHECK(ancestry_.resolve(result));
    return result;
  }

  [[gnu::noinline]] Resolved focus(Node* node) {
    Node* result = JSONATA_TRY(resolve(node->left));
    Node* step = result->type == NodeType::path ? result->items.back() : result;
    if (!step->stages.empty() || !step->predicates.empty()) return fail_at("S0215", node);
    if (step->type == NodeType::sort) return fail_at("S0216", node);
    if (node->keep_array) step->keep_array = true;
    step->focus = node->right->symbol;
    step->tuple = true;
    return result;
  }

  [[gnu::noinline]] Resolved position(Node* node) {
    Node* result = JSONATA_TRY(resolve(node->left));
    Node* step = result;
    if (result->type == NodeType::path) {
      step = result->items.back();
    } else {
      result = make_path(result);
      step->stages = step->predicates;
      step->predicates.clear();
    }
    if (step->stages.empty()) {
      step->index = node->right->symbol;
    } else {
      step->stages.push(arena_, Stage{nullptr, node->right->symbol});
    }
    step->tuple = true;
    return result;
  }

  // --- tail calls -----------------------------------------------------------------------------------------
  Node* tail_call(Node* node) {
    if (node->type == NodeType::function && node->predicates.empty()) {
      Node* thunk = arena_.make<Node>(Node{.type = NodeType::thunk});
      thunk->position = node->position;
      thunk->left = node;
      return thunk;
    }
    if (node->type == NodeType::condition) {
      node->right = tail_call(node->right);
      if (node->other != nullptr) node->other = tail_call(node->other);
    } else if (node->type == NodeType::block && !node->items.empty()) {
      node->items.back() = tail_call(node->items.back());
    }
    return node;
  }

  Arena& arena_;
  Ancestry ancestry_;
  StackGuard stack_;
};

// Marks the paths that need no sequence: names only, perhaps behind a variable.
void mark_plain(Node* path) {
  const auto bare = [](const Node* step) {
    return step->stages.empty() && step->predicates.empty() && !step->tuple && step->group == nullptr &&
           !step->keep_array;
  };
  path->plain = path->group == nullptr && !path->keep_singleton_array && !path->keep_array && !path->tuple;
  for (std::size_t i = 0; path->plain && i < path->items.size(); ++i) {
    const Node* step = path->items[i];
    path->plain =
        bare(step) && (step->type == NodeType::name || (i == 0 && step->type == NodeType::variable));
  }
}

// Marks the object constructors whose keys are texts, all different and no array index: over one context they
// need neither grouping nor sorting.
void mark_plain_object(Node* object) {
  const List<Pair>& pairs = object->pairs;
  object->plain = pairs.size() <= Object::kMostPlain;
  for (std::size_t i = 0; object->plain && i < pairs.size(); ++i) {
    const Node* key = pairs[i].key;
    object->plain = key->type == NodeType::string && key->predicates.empty() && key->group == nullptr &&
                    !is_index_key(key->value.string());
    for (std::size_t j = 0; object->plain && j < i; ++j) {
      object->plain = pairs[j].key->value.string() != key->value.string();
    }
  }
}

// Visits the finished tree once more, with everything known.
void finish(Node* node) {
  if (node == nullptr) return;
  for (Node* child : {node->left, node->right, node->other, node->group}) finish(child);
  for (Node* child : node->items) finish(child);
  for (const Pair& pair : node->pairs) finish(pair.key), finish(pair.value);
  for (const SortTerm& term : node->terms) finish(term.expression);
  for (const Stage& stage : node->predicates) finish(stage.expression);
  for (const Stage& stage : node->stages) finish(stage.expression);
  node->has_suffix = !node->predicates.empty() || (node->group != nullptr && node->type != NodeType::path);
  node->constant = !node->has_suffix && (node->type == NodeType::string || node->type == NodeType::number ||
                                         node->type == NodeType::literal);
  if (node->type == NodeType::path) {
    mark_plain(node);
    node->member =
        node->plain && !node->has_suffix && node->items.size() == 1 && node->items[0]->type == NodeType::name;
    if (node->member) node->text = node->items[0]->text;
  }
  if (node->type == NodeType::object) mark_plain_object(node);
}

}  // namespace

Attempt<Node*> resolve(Program& program, Node* raw) {
  Node* root = JSONATA_TRY(Resolver(program).root(raw));
  finish(root);
  return root;
}

}  // namespace lamplighter::jsonata
