#include "fleet/parts.h"

namespace lamplighter::fleet {
namespace {

void read_match(Reader& reader, const YamlNode& node, Fleet& fleet) {
  const auto word = reader.word(node, {"dimension", "dimension-or-name", "none"});
  if (const auto match = tasks::parse_alarm_match(word.value_or(""))) fleet.alarms = *match;
}

}  // namespace

void read_alarms(Reader& reader, const YamlNode& node, Fleet& fleet) {
  if (node.kind == YamlNode::Kind::scalar) return read_match(reader, node, fleet);
  const auto members = reader.mapping(
      node, keys::kAlarms, "none, dimension, dimension-or-name, or a mapping: match, unmute_after");
  if (!members) return;
  if (const auto* match = members->find("match")) read_match(reader, *match, fleet);
  if (const auto* after = members->find("unmute_after")) {
    const auto duration = reader.duration(*after, Duration::zero(), std::chrono::hours{24});
    fleet.unmute_after = duration.value_or(fleet.unmute_after);
  }
}

}  // namespace lamplighter::fleet
