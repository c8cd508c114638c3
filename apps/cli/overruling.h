// The options of the verbs that overrule a fleet's schedules.
#pragma once

#include "apps/cli/place.h"
#include "run/overrule.h"

namespace lamplighter::cli {

/// The fleet, and where its overrides are.
void add_overruling(Verb& verb, PlaceOptions& options);
void add_why(Verb& verb, std::string& why);

/// The fleet's, at that place.
run::Overruling overruling_of(const PlaceOptions& options, fleet::Fleet fleet);
/// Error: as fleet::load.
Result<run::Overruling> overruling_of(const PlaceOptions& options);

}  // namespace lamplighter::cli
