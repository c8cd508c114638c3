#include "run/holder.h"

namespace lamplighter::run {

json::object to_json(const Holder& holder) {
  return {{"pid", holder.pid},
          {"verb", holder.verb},
          {"now", format_time(holder.now)},
          {"left", json::value_from(holder.left)},
          {kAccess, to_json(holder.access)}};
}

std::optional<Holder> read_holder(const json::value& value) {
  const json::value* pid = find(value, "pid");
  const auto now = parse_time(get_string(value, "now"));
  auto access = read_access(value);
  if (pid == nullptr || !pid->is_int64() || !now || !access) return std::nullopt;
  Holder holder{pid->get_int64(), get_string(value, "verb"), *std::move(access), *now};
  const json::value* left = find(value, "left");
  if (left == nullptr || !left->is_array()) return holder;
  for (const json::value& arn : left->get_array()) {
    if (arn.is_string()) holder.left.emplace(arn.get_string());
  }
  return holder;
}

std::filesystem::path socket_of(const std::filesystem::path& state_dir) { return state_dir / "socket"; }

}  // namespace lamplighter::run
