// Which step of a path a parent operator `%` means. Each `%` is a slot with a level (how far up); walking the
// path backwards, the step that brings the level to zero remembers its input under the slot's label, and the
// path becomes a tuple stream that carries the label along.
#pragma once

#include "jsonata/failure.h"
#include "jsonata/syntax/ast.h"
#include "jsonata/syntax/program.h"

namespace lamplighter::jsonata {

/// What the reference calls such a node in the token of S0217.
std::string_view type_name(const Node& node);

class Ancestry {
 public:
  explicit Ancestry(Program& program) : program_(program), arena_(program.arena) {}

  /// Gives a parent node its slot.
  void add(Node* parent);
  /// Hands the slots that `child` still seeks on to `node`.
  void push(Node* node, Node* child);
  /// Seeks, for each slot of the path's last step, the step that it means.
  Done resolve(Node* path);
  /// The same for the slots of a predicate of `step`.
  Done resolve_predicate(Node* step, Node* predicate);

 private:
  Attempt<Slot*> seek(Node* node, Slot* slot);
  Attempt<Slot*> seek_in_path(Node* path, Slot* slot);
  void remember(Node* step, Slot* slot);

  Program& program_;
  Arena& arena_;
  List<Slot*> slots_;
};

}  // namespace lamplighter::jsonata
