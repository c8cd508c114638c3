// Everything that a parsed expression consists of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "jsonata/evaluate/arena.h"
#include "jsonata/failure.h"
#include "jsonata/functions/regex.h"
#include "jsonata/jsonata.h"
#include "jsonata/syntax/ast.h"
#include "jsonata/syntax/signature.h"

namespace lamplighter::jsonata {

struct NativeFunction;

/// A variable name that the expression mentions.
struct Name {
  std::string_view text;
  const Function* native = nullptr;  ///< the built-in function of this name
};

/// The names of all variables, each with a number.
class SymbolTable {
 public:
  Symbol intern(Arena& arena, std::string_view text);
  /// kNoSymbol where no variable has this name.
  [[nodiscard]] Symbol find(std::string_view text) const;
  [[nodiscard]] const Name& operator[](Symbol symbol) const { return names_[symbol]; }
  [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
  List<Name> names_;
  Object numbers_;
};

/// A parsed expression and all that it refers to. Immutable after the parse.
struct Program {
  explicit Program(std::string_view expression) : text(expression) {}

  std::string text;
  Arena arena;
  SymbolTable symbols;
  Symbol root_symbol = kNoSymbol;  ///< of "$", which is written $$
  std::vector<std::unique_ptr<const Regex>> regexes;
  std::vector<std::unique_ptr<const Signature>> signatures;
  Node* root = nullptr;
};

}  // namespace lamplighter::jsonata
