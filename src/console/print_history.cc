#include "console/print_history.h"

#include <fmt/format.h>

#include "console/words.h"
#include "json/json.h"

namespace lamplighter::console {
namespace {

/// What an event is about, in a few words: the state's name, an error, what a reconcile said.
std::string words(const engine::Event& event) {
  const json::value details(event.details);
  std::string name = get_string(details, "name");
  const std::string error = get_string(details, "error");
  if (!error.empty()) return fmt::format("{}: {}", error, get_string(details, "cause"));
  if (event.type != "TaskStateExited") return name;
  const auto output = parse_json(get_string(details, "output"));
  const json::value* phase = output ? find(*output, "phase") : nullptr;
  if (phase == nullptr) return name;
  const std::string waiting = get_string(*phase, "waiting_for");
  return fmt::format("{}: {}, {} of {}{}{}", name, get_string(*output, "status"),
                     get_int(*phase, "servers_ready"), get_int(*phase, "servers_total"),
                     waiting.empty() ? "" : ", waiting for ", waiting);
}

}  // namespace

void print_event(const engine::Event& event, Time started) {
  std::string text = words(event);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  fmt::print("{:>6} {:>8}  {:<24} {}\n", event.id, console::elapsed(event.time - started), event.type, text);
}

}  // namespace lamplighter::console
