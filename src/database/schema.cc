#include "database/schema.h"

#include <functional>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace lamplighter::database {
namespace {

struct Part {
  std::string table;  ///< that it hangs on
  std::string text;   ///< that made it; "" for what SQLite makes by itself
  bool operator==(const Part&) const = default;
};

/// By kind ("table", "index", "trigger", "view") and name; tables before their indices.
using Parts = std::map<std::pair<std::string, std::string>, Part, std::greater<>>;

Parts parts_of(const SQLite::Database& database) {
  SQLite::Statement find(database, "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema");
  Parts out;
  while (find.executeStep()) {
    out[{find.getColumn(0).getString(), find.getColumn(1).getString()}] = {find.getColumn(2).getString(),
                                                                           find.getColumn(3).getString()};
  }
  return out;
}

/// A sound database of `version`, with all that it may have.
Parts parts_of(const Format& format, std::uint32_t version, bool made_later) {
  SQLite::Database sound(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  migrate(sound, format, 0, version);
  if (made_later) sound.exec(format.made_later);
  return parts_of(sound);
}

}  // namespace

void migrate(SQLite::Database& database, const Format& format, std::uint32_t from, std::uint32_t to) {
  for (auto step = from; step < to; ++step) database.exec(format.steps.at(step));
}

std::string schema_problem(const SQLite::Database& database, const Format& format, std::uint32_t version) {
  if (version == 0 || version > format.version()) return fmt::format("there is no format {}", version);
  const auto found = parts_of(database);
  for (const auto& [part, needed] : parts_of(format, version, false)) {
    if (!found.contains(part)) return fmt::format("it has no {} {}", part.first, part.second);
  }
  const auto allowed = parts_of(format, version, true);
  std::set<std::string> tables;
  for (const auto& [part, sound] : allowed) {
    tables.insert(sound.table);
    const auto there = found.find(part);
    if (there != found.end() && there->second != sound)
      return fmt::format("its {} {} is another", part.first, part.second);
  }
  for (const auto& [part, there] : found) {
    if (tables.contains(there.table) && !allowed.contains(part))
      return fmt::format("it has {} {}, which is not its own", part.first, part.second);
  }
  return "";
}

}  // namespace lamplighter::database
