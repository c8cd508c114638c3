#include "run/order.h"

#include <random>

#include <fmt/chrono.h>
#include <fmt/format.h>

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
  RunOrder order;
  order.action = action;
  order.fleet = std::move(fleet);
  order.compile_options.environments = std::move(environments);
  order.definition = TRY(machine::compile(order.fleet, action, order.compile_options));
  order.shape = TRY(machine::read_shape(order.definition));
  order.execution = execution_name(action, now);
  return order;
}

}  // namespace lamplighter::run
