// A run that another process carries out: the one that holds the state directory.
#pragma once

#include <memory>

#include "base/result.h"
#include "run/desk.h"
#include "run/observer.h"
#include "run/order.h"
#include "run/outcome.h"
#include "run/real_run.h"

namespace lamplighter::run {

/// Has the desk's holder make the order's machine and start its execution, and watches that. The holder looks
/// at accounts and servers with its own way to AWS, which the input remembers. Gives the exit code that
/// `report` gave; Ctrl-C only stops the watching. Errors: as check_same_way(), put_machine() and watch_at();
/// bad_input "Usage" where it was not confirmed.
Result<int> hand_over(RunOrder order, const RealRun& options, std::unique_ptr<Desk> desk, Observer& view,
                      const Report& report);

/// "lamplighter serve (process 4711)".
std::string words_of(const Holder& holder);

}  // namespace lamplighter::run
