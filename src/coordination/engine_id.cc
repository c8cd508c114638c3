#include "coordination/engine_id.h"

#include "base/uuid.h"

namespace lamplighter::coordination {

Result<std::string> engine_id(Table& table) {
  const std::string key = "engine/self/id";
  const Item item = TRY(table.read(key));
  if (item.version > 0) return item.text;
  CHECK_OK(table.replace(key, 0, make_uuid()));
  const Item made = TRY(table.read(key));
  return made.text;
}

}  // namespace lamplighter::coordination
