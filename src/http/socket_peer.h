// Who listens at a Unix-domain socket, asked of the kernel: also of a process that answers nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace lamplighter::http {

/// The id of the process; nullopt where nobody listens, or nobody says.
std::optional<std::int64_t> listener_at(const std::filesystem::path& socket);

}  // namespace lamplighter::http
