#include "run/holder_socket.h"

#include <algorithm>

#include <unistd.h>

#include "run/holder.h"
#include "run/holder_overview.h"
#include "run/holder_table.h"

namespace lamplighter::run {
namespace {

/// Those who look ask a few times a second.
constexpr std::size_t kWorkers = 4;
/// What answers under way are given at the end: short, since nothing that is on disk gets lost.
constexpr std::chrono::milliseconds kTimeToAnswer{500};

}  // namespace

HolderSocket::HolderSocket(engine::Engine& engine, Clock& clock, HolderSocketOptions options)
    : clock_(clock), options_(std::move(options)), door_(std::nullopt, clock), api_(engine, door_) {
  subscription_ = engine.subscribe([this](const engine::Appended& appended) { note(appended); });
}

HolderSocket::~HolderSocket() = default;

Result<std::unique_ptr<HolderSocket>> HolderSocket::open(engine::Engine& engine, Clock& clock,
                                                         HolderSocketOptions options) {
  std::unique_ptr<HolderSocket> socket(new HolderSocket(engine, clock, std::move(options)));
  CHECK_OK(socket->listen());
  return socket;
}

Status HolderSocket::listen() {
  http::HttpOptions http;
  http.socket = options_.socket;
  http.group = options_.group;
  http.workers = kWorkers;
  http.stop_timeout = kTimeToAnswer;
  server_ = TRY(http::HttpServer::start(
      http, [this](const http::Request& request) { return answer(request); },
      [this](const http::Request& header) { return api_.refuse(header); }));
  return {};
}

http::Response HolderSocket::answer(const http::Request& request) const {
  if (auto other = options_.others ? options_.others(request) : std::nullopt) return *std::move(other);
  if (options_.cloud != nullptr) {
    if (auto table = answer_table(request, options_.cloud->table_of())) return *std::move(table);
    if (auto told = answer_overview(options_.cloud->session(), request)) return *std::move(told);
  }
  if (request.method != "GET" || request.url != kHolderPath) return api_.handle(request);
  const Holder holder{::getpid(), options_.verb, options_.access, clock_.now(), options_.left};
  return {200, {{"Content-Type", "application/json"}}, json_text(to_json(holder))};
}

void HolderSocket::note(const engine::Appended& appended) {
  for (const engine::Event& event : appended.events) {
    const auto kind = engine::kind_of(event.type);
    if (kind != engine::EventKind::execution_started && kind != engine::EventKind::execution_ended) continue;
    const std::lock_guard lock(mutex_);
    const std::string arn(appended.execution_arn);
    kind == engine::EventKind::execution_started ? (void)running_.insert(arn) : (void)running_.erase(arn);
    changed_.notify_all();
  }
}

std::set<std::string> HolderSocket::guests_but(const std::set<std::string>& own) {
  const std::lock_guard lock(mutex_);
  std::set<std::string> names;
  for (const std::string& arn : running_) {
    if (own.count(arn) == 0) names.insert(arn.substr(arn.rfind(':') + 1));
  }
  return names;
}

/// Whoever comes while it closes is let in, or told that nobody is there.
void HolderSocket::wait_for_guests(const std::set<std::string>& own,
                                   const std::function<void(const std::set<std::string>&)>& tell) {
  std::set<std::string> told;
  while (true) {
    const auto guests = guests_but(own);
    if (guests.empty()) {
      server_->stop();
      if (guests_but(own).empty() || !listen()) return;
      continue;
    }
    if (!std::includes(told.begin(), told.end(), guests.begin(), guests.end())) tell(guests);
    told = guests;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(1));
  }
}

}  // namespace lamplighter::run
