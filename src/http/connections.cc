#include "http/connections.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lamplighter::http {

void Connections::remove(Connection& connection) {
  all_.erase(&connection);
  if (all_.empty() && tell_none_) tell_none_();
}

bool Connections::make_room() {
  const auto open = std::count_if(all_.begin(), all_.end(), [](const auto* one) { return one->is_open(); });
  if (static_cast<std::size_t>(open) < max_) return true;
  auto* longest = longest_waiting(0);
  if (longest != nullptr) longest->close();
  return longest != nullptr;
}

void Connections::keep_within_bounds() {
  const auto held = [this] {
    return std::accumulate(all_.begin(), all_.end(), std::size_t{0},
                           [](std::size_t sum, const auto* one) { return sum + one->held(); });
  };
  while (held() > max_held_) {
    auto* longest = longest_waiting(1);
    if (longest == nullptr) return;
    longest->close();
  }
}

void Connections::finish() {
  for (auto* connection : all_) connection->finish();
}

void Connections::when_none(std::function<void()> tell) {
  tell_none_ = std::move(tell);
  if (all_.empty() && tell_none_) tell_none_();
}

Connection* Connections::longest_waiting(std::size_t held) const {
  Connection* longest = nullptr;
  for (auto* one : all_) {
    if (!one->is_open() || !one->waits_since() || one->held() < held) continue;
    if (longest == nullptr || *one->waits_since() < *longest->waits_since()) longest = one;
  }
  return longest;
}

}  // namespace lamplighter::http
