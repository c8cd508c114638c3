// Servers that another AWS service starts, stops and replaces: they are left alone.
#pragma once

#include <string>

#include "aws/services/ec2.h"

namespace lamplighter::tasks {

/// "belongs to the Auto Scaling group web", by the tags that such services set; "" for a server of its own.
std::string manager_of(const aws::Instance& instance);

}  // namespace lamplighter::tasks
