// Why EC2 says that a server is in its state.
#pragma once

#include <string>

#include "aws/services/ec2.h"

namespace lamplighter::tasks {

/// "Client.UserInitiatedShutdown: User initiated (2026-11-24 06:10:12 GMT)"; "" where EC2 says nothing.
std::string state_reason(const aws::Instance& instance);

}  // namespace lamplighter::tasks
