#include "tasks/protocol/selector.h"

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

Result<Tags> read_tags(const Reader& fields) {
  Tags tags;
  for (const auto& [key, unused] : fields.members()) tags[key] = TRY(fields.text(key));
  if (tags.empty()) return fields.unexpected("at least one tag");
  return tags;
}

}  // namespace

json::object to_json(const Selector& selector) {
  return {{"names", json::value_from(selector.names)},
          {"ids", json::value_from(selector.ids)},
          {"tags", json::value_from(selector.tags)}};
}

Result<Selector> read_selector(const Reader& fields) {
  const auto servers = TRY(fields.object("servers"));
  Selector selector;
  selector.names = TRY(servers.optional_texts("names"));
  selector.ids = TRY(servers.optional_texts("ids"));
  if (servers.find("tags")) {
    for (const auto& tags : TRY(servers.objects("tags"))) selector.tags.push_back(TRY(read_tags(tags)));
  }
  if (selector.names.empty() && selector.ids.empty() && selector.tags.empty()) {
    return fields.unexpected("servers", "at least one of names, ids and tags");
  }
  return selector;
}

}  // namespace lamplighter::tasks
