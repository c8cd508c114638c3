#include "console/print.h"

#include "base/plain_text.h"

namespace lamplighter::console {

void print_text(std::FILE* out, std::string_view text) { fmt::print(out, "{}", plain_text(text)); }

void print_as_line(std::FILE* out, std::string_view line) { fmt::print(out, "{}\n", plain_line(line)); }

void print_json(const json::value& value) { fmt::print("{}", plain_json(pretty(value))); }

}  // namespace lamplighter::console
