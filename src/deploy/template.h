// The CloudFormation template of a fleet.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "deploy/machines.h"
#include "fleet/fleet.h"
#include "json/json.h"

namespace lamplighter::deploy {

struct TemplateOptions {
  Time now{};         ///< from when on the calendars' days are worked out
  bool xray = false;  ///< trace executions and function with X-Ray
};

/// The template. Its local paths ("lambda.zip", "definitions/start.asl.json") are for
/// `aws cloudformation package`, which uploads the files and puts their places in.
/// Errors: bad_input "PolicyTooLarge"; as fleet::days_of.
Result<json::object> make_template(const fleet::Fleet& fleet, const std::vector<Machine>& machines,
                                   const TemplateOptions& options);

/// True where the stack makes the topic itself: the file gives a name, not an ARN, in the stack's region.
bool makes_topic(const fleet::Fleet& fleet, const fleet::Notify& topic);

}  // namespace lamplighter::deploy
