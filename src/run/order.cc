#include "run/order.h"

#include <random>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "fleet/choose.h"

namespace lamplighter::run {
namespace {

/// Action, moment, and a few random letters.
std::string execution_name(tasks::Action action, Time now) {
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::random_device device;
  std::string suffix;
  for (int i = 0; i < 4; ++i) suffix += kLetters[device() % kLetters.size()];
  return fmt::format("{}-{:%Y%m%d-%H%M%S}-{}", tasks::to_string(action),
                     std::chrono::floor<std::chrono::seconds>(now), suffix);
}

}  // namespace

Result<RunOrder> make_order(fleet::Fleet fleet, tasks::Action action, std::vector<std::string> environments,
                            Time now) {
  CHECK_OK(fleet::choose(fleet, environments));
  RunOrder order;
  order.action = action;
  order.fleet = std::move(fleet);
  order.definition = TRY(machine::compile(order.fleet, action));
  order.shape = TRY(machine::read_shape(order.definition)).only(environments);
  order.input = {{"environments", json::value_from(environments)}};
  order.environments = std::move(environments);
  order.execution = execution_name(action, now);
  return order;
}

std::vector<std::string> chosen_in(const json::value& input) {
  const json::value* named = find(input, "environments");
  std::vector<std::string> names;
  if (named == nullptr || !named->is_array()) return names;
  for (const json::value& name : named->as_array()) {
    if (name.is_string()) names.emplace_back(name.as_string());
  }
  return names;
}

}  // namespace lamplighter::run
