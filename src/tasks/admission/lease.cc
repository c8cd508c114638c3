#include "tasks/admission/lease.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "json/json.h"
#include "json/reader.h"
#include "tasks/protocol/execution_name.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kSuperseded = "superseded by ";
constexpr std::string_view kInvalidLease = "InvalidLease";
constexpr std::int64_t kMost = std::int64_t{1} << 50U;

constexpr std::array<std::pair<LeaseState, std::string_view>, 3> kStates{
    {{LeaseState::held, "held"}, {LeaseState::reported, "reported"}, {LeaseState::released, "released"}}};

std::string_view to_string(LeaseState state) {
  for (const auto& [one, word] : kStates) {
    if (one == state) return word;
  }
  return "";
}

Result<LeaseState> read_state(const Reader& fields) {
  const auto word = TRY(fields.text("state"));
  for (const auto& [state, known] : kStates) {
    if (known == word) return state;
  }
  return fields.unexpected("state", R"("held", "reported" or "released")");
}

json::object to_json(const Contender& one) {
  return {
      {"execution", one.execution}, {"started", format_time(one.started)}, {"action", to_string(one.action)}};
}

json::object to_json(const Lease& lease) {
  json::array cancelled;
  for (const auto& one : lease.cancelled) {
    cancelled.push_back(json::object{{"execution", one.execution}, {"by", one.by}});
  }
  return {{"generation", lease.generation},
          {"holder", to_json(lease.holder)},
          {"newest", to_json(lease.newest)},
          {"state", to_string(lease.state)},
          {"beat", lease.beat},
          {"holds", lease.holds},
          {"awaited", lease.awaited},
          {"awaited_execution", lease.awaited_execution},
          {"left", lease.left},
          {"cancelled", std::move(cancelled)}};
}

Result<std::uint64_t> count(const Reader& fields, std::string_view key) {
  return static_cast<std::uint64_t>(TRY(fields.whole_number(key, 0, kMost)));
}

Result<Contender> read_contender(const Reader& fields) {
  return Contender{TRY(fields.text("execution")), TRY(fields.time("started")), TRY(read_action(fields))};
}

Result<Lease> read_lease(const json::value& value) {
  const auto fields = TRY(Reader::of(value, "lease", kInvalidLease));
  Lease lease;
  lease.generation = TRY(count(fields, "generation"));
  lease.holder = TRY(read_contender(TRY(fields.object("holder"))));
  lease.newest = TRY(read_contender(TRY(fields.object("newest"))));
  lease.state = TRY(read_state(fields));
  lease.beat = TRY(count(fields, "beat"));
  lease.holds = static_cast<int>(TRY(fields.whole_number("holds", 0, 1 << 30)));
  lease.awaited = TRY(count(fields, "awaited"));
  lease.awaited_execution = TRY(fields.optional_text("awaited_execution"));
  lease.left = TRY(count(fields, "left"));
  for (const Reader& one : TRY(fields.optional_objects("cancelled"))) {
    lease.cancelled.push_back({TRY(one.text("execution")), TRY(one.text("by"))});
  }
  return lease;
}

}  // namespace

std::string called(const Contender& one) {
  return fmt::format("{} (since {})", execution_name(one.execution), format_time(one.started));
}

std::string doing(const Contender& one) {
  return called(one) + (one.action == Action::start ? " starts it" : " stops it");
}

std::string superseded_by(const Contender& one) { return std::string(kSuperseded) + called(one); }

std::string superseder_in(std::string_view words) {
  if (!words.starts_with(kSuperseded)) return "";
  words.remove_prefix(kSuperseded.size());
  return std::string(words.substr(0, words.find(' ')));
}

std::string cancelled_by(const Lease& lease, const std::string& execution) {
  for (const auto& one : lease.cancelled) {
    if (one.execution == execution) return one.by;
  }
  return "";
}

std::string Leases::key(const std::string& environment) const {
  return fmt::format("lease/{}/{}", fleet_, environment);
}

Result<LeaseItem> Leases::read(const std::string& environment) {
  const auto item = TRY(table_.read(key(environment)));
  if (item.version == 0) return LeaseItem{};
  const auto value = parse_json(item.text);
  if (!value) return fail(ErrorKind::internal, std::string(kInvalidLease), value.error().message);
  return LeaseItem{TRY(read_lease(*value)), item.version};
}

Result<bool> Leases::replace(const std::string& environment, std::uint64_t seen, const Lease& lease) {
  return table_.replace(key(environment), seen, json_text(to_json(lease)));
}

}  // namespace lamplighter::tasks
