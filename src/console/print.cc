#include "console/print.h"

#include "base/plain_text.h"

namespace lamplighter::console {
namespace {

/// The stream remembers a failure. fmt::print would throw.
void put(std::FILE* out, const std::string& text) { std::fwrite(text.data(), 1, text.size(), out); }

}  // namespace

void print_text(std::FILE* out, std::string_view text) { put(out, plain_text(text)); }

void print_as_line(std::FILE* out, std::string_view line) { put(out, plain_line(line) + "\n"); }

void print_json(const json::value& value) { put(stdout, plain_json(pretty(value))); }

}  // namespace lamplighter::console
