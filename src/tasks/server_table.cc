#include "tasks/server_table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;
using Widths = std::array<std::size_t, kColumns>;

Row row_of(const ServerAnswer& server) {
  Row row{server.name,         server.id, server.initial_state, server.state, server.instance_status,
          server.system_status};
  for (auto& cell : row) {
    if (cell.empty()) cell = "-";
  }
  return row;
}

std::string line_of(const Row& row, const Widths& widths, std::size_t count, char mark) {
  std::string text = fmt::format("  {} ", mark);
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("{:<{}}  ", row.at(i), widths.at(i));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

std::vector<std::string> server_table(const std::vector<ServerAnswer>& servers, Action action) {
  if (servers.empty()) return {};
  const Row titles{"Server", "Id", "Before", "Now", "Instance", "System"};
  const std::size_t count = action == Action::start ? kColumns : kColumns - 2;
  Widths widths{};
  for (std::size_t i = 0; i < count; ++i) {
    widths.at(i) = titles.at(i).size();
    for (const auto& server : servers) widths.at(i) = std::max(widths.at(i), row_of(server).at(i).size());
  }
  std::vector<std::string> lines{line_of(titles, widths, count, ' ')};
  for (const auto& server : servers) {
    lines.push_back(line_of(row_of(server), widths, count, server.reason.empty() ? ' ' : '!'));
  }
  return lines;
}

}  // namespace lamplighter::tasks
