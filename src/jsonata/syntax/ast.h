// The expression as a tree. The parser makes it raw (how it was written), resolve.h rewrites it into what is
// evaluated: paths of steps, predicates on steps, ancestors of `%` found, tail calls marked.
#pragma once

#include <cstdint>
#include <string_view>

#include "jsonata/evaluate/arena.h"
#include "jsonata/evaluate/value.h"

namespace lamplighter::jsonata {

class Regex;
class Signature;

/// A variable's name as a number: its place in the program's table of names.
using Symbol = std::uint32_t;
constexpr Symbol kNoSymbol = static_cast<Symbol>(-1);

enum class NodeType : std::uint8_t {
  name,
  variable,
  string,
  number,
  literal,  // true, false, null
  regex,
  wildcard,
  descendant,
  parent,
  path,         // items: the steps
  binary,       // left, right
  negate,       // left
  array,        // items
  object,       // pairs
  function,     // left: what is called; items: arguments
  partial,      // the same, with placeholders among the arguments
  placeholder,  // ?
  lambda,       // items: parameters; left: body
  thunk,        // left: a call in tail position
  condition,    // left ? right : other
  block,        // items
  bind,         // symbol := right
  apply,        // left ~> right
  transform,    // |left|right, other|
  sort,         // terms; only as a step
  // Only before resolving:
  dot,
  predicate,  // left[right]
  group_by,   // left{pairs}
  order_by,   // left^(terms)
  focus,      // left@right
  position,   // left#right
  end,
};

enum class Operator : std::uint8_t {
  none,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  concatenate,
  conjunction,
  disjunction,
  includes,
  range,
};

struct Node;

struct Pair {
  Node* key;
  Node* value;
};

struct SortTerm {
  Node* expression;
  bool descending;
};

/// A `%` that looks for the step which it is the parent of.
struct Slot {
  Symbol label;
  int level;
  std::size_t index;
};

/// A predicate of a step, or (with `index`) the place where `#$name` counts.
struct Stage {
  Node* expression;
  Symbol index = kNoSymbol;
};

struct Node {
  NodeType type;
  Operator op = Operator::none;
  bool keep_array = false;            // written with []
  bool keep_singleton_array = false;  // a path with such a step
  bool constructed = false;           // an array constructor as first or last step
  bool tuple = false;                 // evaluated as a tuple stream
  bool plain = false;          // a path of names only, perhaps behind a variable; an object with fixed keys
  bool constant = false;       // a literal and nothing else
  bool member = false;         // a path of one name and nothing else; `text` is the name
  bool has_suffix = false;     // predicates, or a group that is no path's
  std::uint32_t position = 0;  // byte offset behind its token
  std::uint32_t height = 1;    // of the tree below
  Symbol symbol = kNoSymbol;   // of a variable or a name
  Symbol focus = kNoSymbol;    // @$focus
  Symbol index = kNoSymbol;    // #$index
  std::string_view text{};     // its token, or its name
  Value value{};               // of a literal
  Node* left = nullptr;
  Node* right = nullptr;
  Node* other = nullptr;
  Node* group = nullptr;     // an object node
  Slot* slot = nullptr;      // of a parent
  Slot* ancestor = nullptr;  // of a step that is a parent's
  const Signature* signature = nullptr;
  const Regex* regex = nullptr;
  List<Node*> items{};
  List<Pair> pairs{};
  List<SortTerm> terms{};
  List<Stage> predicates{};
  List<Stage> stages{};
  List<Slot*> seeking{};  // ancestors that no step below could give
};

}  // namespace lamplighter::jsonata
