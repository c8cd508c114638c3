#include <fmt/format.h>

#include "fleet/parts.h"
#include "fleet/pattern.h"

namespace lamplighter::fleet {
namespace {

void read_table(Reader& reader, const YamlNode& node, tasks::Coordination& coordination) {
  static const Pattern name("[A-Za-z0-9_.-]{3,255}");
  constexpr std::string_view kExpected = "a DynamoDB table's name (3 to 255 letters, digits, _, - and .)";
  const auto table = reader.text(node, kExpected);
  if (!table) return;
  if (!name.matches(*table)) {
    reader.error(node.place, fmt::format("found {}, expected {}", describe(node), kExpected));
    return;
  }
  coordination.kind = tasks::Coordination::Kind::table;
  coordination.table = *table;
}

}  // namespace

void read_coordination(Reader& reader, const YamlNode& node, Fleet& fleet) {
  constexpr std::string_view kExpected = "none, or a mapping: dynamodb, region";
  if (node.kind == YamlNode::Kind::scalar) {
    if (reader.word(node, {"none"})) fleet.coordination.kind = tasks::Coordination::Kind::none;
    return;
  }
  const auto members = reader.mapping(node, keys::kCoordination, kExpected);
  if (!members) return;
  if (const auto* table = reader.required(*members, "dynamodb", node, "a DynamoDB table's name")) {
    read_table(reader, *table, fleet.coordination);
  }
  fleet.coordination.region = fleet.region;
  if (const auto* region = members->find("region")) {
    fleet.coordination.region = reader.region(*region).value_or("");
  } else if (fleet.region.empty()) {
    reader.error(node.place,
                 "found no \"region\" for the table, expected one here or at the top of the file");
  }
}

}  // namespace lamplighter::fleet
