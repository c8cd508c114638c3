#include "jsonata/syntax/program.h"

#include "jsonata/evaluate/function.h"

namespace lamplighter::jsonata {

Symbol SymbolTable::intern(Arena& arena, std::string_view text) {
  const Symbol present = find(text);
  if (present != kNoSymbol) return present;
  const auto symbol = static_cast<Symbol>(names_.size());
  names_.push(arena, Name{text, find_native(text)});
  numbers_.add(arena, text, Value(static_cast<double>(symbol)));
  return symbol;
}

Symbol SymbolTable::find(std::string_view text) const {
  const Value* number = numbers_.find(text);
  return number == nullptr ? kNoSymbol : static_cast<Symbol>(number->number());
}

}  // namespace lamplighter::jsonata
