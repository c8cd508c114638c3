#include "run/stay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "run/embedded_run.h"
#include "run/executions.h"
#include "run/holder.h"

namespace lamplighter::run {

std::unique_ptr<HolderSocket> open_holder_socket(engine::Engine& engine, Clock& clock,
                                                 const std::string& verb, Access access, CloudAccess& cloud,
                                                 Teller& teller, const std::set<std::string>& going_on) {
  auto left = running_arns(engine);
  for (const std::string& arn : going_on) left.erase(arn);
  auto socket = HolderSocket::open(engine, clock,
                                   {.socket = socket_of(engine.options().state_dir),
                                    .verb = verb,
                                    .access = std::move(access),
                                    .left = std::move(left),
                                    .cloud = &cloud});
  if (socket) return *std::move(socket);
  teller.tell("others can't look in while this runs: " + socket.error().message, Notice::Lasts::to_the_end);
  return nullptr;
}

void wait_for_others(HolderSocket* socket, const std::set<std::string>& own, bool interrupted,
                     Teller& teller) {
  if (socket == nullptr) return;
  socket->wait_for_guests(own, [&](const std::set<std::string>& names) {
    teller.tell(
        fmt::format("waiting for what others started here: {} (Ctrl-C{} leaves; resume goes on with it)",
                    fmt::join(names, ", "), interrupted ? " again" : " twice"),
        Notice::Lasts::to_the_end);
  });
}

Result<RunEnd> stay_for_others(HolderSocket* socket, engine::Engine& engine, RunEnd end, Progress& progress,
                               Teller& teller) {
  if (!end.interrupted) return end;
  wait_for_others(socket, {end.execution.arn}, true, teller);
  end.execution = TRY(engine.describe_execution(end.execution.arn));
  CHECK_OK(catch_up(engine, end.execution.arn, progress));
  const bool running = end.execution.status == engine::ExecutionStatus::running;
  end.reported = running && progress.unmuting();
  end.interrupted = running && !end.reported;
  return end;
}

}  // namespace lamplighter::run
