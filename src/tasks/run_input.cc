#include "tasks/run_input.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "json/reader.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::tasks {
namespace {

/// The last two say what a schedule's input is for.
constexpr std::array<std::string_view, 11> kKnown{"environments", "on_conflict", "override", "access",
                                                  "occurrence",   "calendar",    "began",    "started_by",
                                                  "retries",      "schedule",    "action"};

}  // namespace

Status check_run_input(const json::value& input) {
  const auto fields = TRY(Reader::of(input, "input", kInvalidInput));
  for (const auto& member : fields.members()) {
    if (std::find(kKnown.begin(), kKnown.end(), std::string_view(member.key())) != kKnown.end()) continue;
    return fields.unexpected(member.key(), fmt::format("no such member, but {}", fmt::join(kKnown, ", ")));
  }
  if (fields.find("environments") != nullptr) CHECK_OK(fields.optional_texts("environments"));
  if (fields.find("override") != nullptr) CHECK_OK(fields.truth("override"));
  CHECK_OK(read_occurrence(fields));
  return {};
}

}  // namespace lamplighter::tasks
