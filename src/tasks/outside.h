// The world beside AWS, as far as a webhook needs it.
#pragma once

#include "base/host.h"
#include "http/transport.h"

namespace lamplighter::tasks {

/// Whoever runs tasks has it and outlives them. Both are used from several threads. The transport tells
/// nobody what it is asked for: URLs may be secrets.
struct Outside {
  http::Transport& web;
  const Host& host;
};

}  // namespace lamplighter::tasks
