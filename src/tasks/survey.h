// The task `survey`: a look at all environments before anything is changed. It tells which may run.
#pragma once

#include "base/result.h"
#include "tasks/protocol/survey.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Only looks. An environment whose place can't be asked for now may run: its own admission finds out.
/// Errors: bad_input "UnknownEnvironment" where one is chosen that the fleet does not have; aws, where none
/// of the chosen ones' places answers: there is nothing to do before one does.
Result<SurveyAnswer> survey(const Context& context, const SurveyPayload& task);

}  // namespace lamplighter::tasks
