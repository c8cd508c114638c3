// The mail that ends a run of classic events. Internal to classic.cc.
#pragma once

#include "tasks/classic/classic.h"

namespace lamplighter::tasks {

/// Looks once more at every server that the event's initial states name, and publishes what became of it.
/// Error: bad_input "InvalidEvent"; aws.
Status send_classic_mail(const Context& context, const ClassicFleet& fleet, const json::value& event);

}  // namespace lamplighter::tasks
