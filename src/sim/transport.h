// The simulated cloud as an aws::Transport, without sockets: for the simulation driver and `--simulate`.
#pragma once

#include <mutex>

#include "aws/transport.h"
#include "base/clock.h"
#include "base/random.h"
#include "sim/cloud.h"

namespace lamplighter::sim {

/// Each call takes a seeded, realistic latency on `clock`. Keeps references to both. Safe to use from several
/// threads.
class Transport final : public aws::Transport {
 public:
  Transport(Cloud& cloud, Clock& clock, std::uint64_t seed) : cloud_(cloud), clock_(clock), random_(seed) {}
  Result<aws::HttpResponse> send(const aws::HttpRequest& request) override;

 private:
  Cloud& cloud_;
  Clock& clock_;
  std::mutex mutex_;
  Random random_;
};

}  // namespace lamplighter::sim
