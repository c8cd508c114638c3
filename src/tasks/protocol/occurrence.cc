#include "tasks/protocol/occurrence.h"

#include "json/reader.h"

namespace lamplighter::tasks {

json::value to_json(const std::optional<Occurrence>& occurrence) {
  if (!occurrence) return nullptr;
  return json::object{{"schedule", occurrence->schedule}, {"due", format_time(occurrence->due)}};
}

Result<std::optional<Occurrence>> read_occurrence(const Reader& fields) {
  const json::value* found = fields.find(kOccurrence);
  if (found == nullptr || found->is_null()) return std::nullopt;
  const Reader occurrence = TRY(fields.object(kOccurrence));
  std::string schedule = TRY(occurrence.nonempty_text("schedule"));
  return Occurrence{std::move(schedule), TRY(occurrence.time("due"))};
}

}  // namespace lamplighter::tasks
