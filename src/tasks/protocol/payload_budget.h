// How the bytes of the report's payload are shared out among what an execution carries to its end. compile()
// and survey must count alike, so it stands here.
#pragma once

#include <cstddef>

namespace lamplighter::tasks {

/// The bytes that the branches' ends may take together in the report's payload, beside the description of
/// the environments: three fifths for the members' ids, the rest for the phases' answers.
std::size_t members_room(std::size_t described_bytes, std::size_t phases);
/// The bytes of one ended phase's answer.
std::size_t phase_room(std::size_t described_bytes, std::size_t phases);

}  // namespace lamplighter::tasks
