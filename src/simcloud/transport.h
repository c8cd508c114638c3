// The simulated cloud as an http::Transport, without sockets: for the simulation driver and `--simulate`.
#pragma once

#include <mutex>

#include "base/clock.h"
#include "base/random.h"
#include "http/transport.h"
#include "simcloud/cloud.h"

namespace lamplighter::simcloud {

/// Each call takes a seeded, realistic latency on `clock`. Keeps references to both. Safe to use from several
/// threads.
class Transport final : public http::Transport {
 public:
  Transport(Cloud& cloud, Clock& clock, std::uint64_t seed)
      : cloud_(cloud), clock_(clock), random_(seed), dynamodb_random_(Random(seed).fork("dynamodb")) {}
  Result<http::Response> send(const http::OutgoingRequest& request) override;

 private:
  Duration draw_latency(const http::OutgoingRequest& request);

  Cloud& cloud_;
  Clock& clock_;
  std::mutex mutex_;
  Random random_;
  Random dynamodb_random_;
};

}  // namespace lamplighter::simcloud
