// Reading files and programs' output, with an end to both the bytes and the waiting.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"

namespace lamplighter {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What can be read from `descriptor` until its end, at most `max_bytes`; waits until `deadline` where
/// nothing comes (of a non-blocking descriptor; for ever of another). Error: bad_input "UnreadableFile" that
/// says why.
Result<std::string> read_descriptor(int descriptor, std::size_t max_bytes, SteadyTime deadline);

/// At most `max_bytes` of a file, or what a pipe gives within ten seconds; nullopt where there is no such
/// file. A pipe that nobody writes to is empty. Error: bad_input "UnreadableFile", with the path.
Result<std::optional<std::string>> read_file(const std::string& path, std::size_t max_bytes);

/// The same, where the file must be there, or standard input's for "-", which is waited for.
Result<std::string> read_input(const std::string& path, std::size_t max_bytes);

}  // namespace lamplighter
