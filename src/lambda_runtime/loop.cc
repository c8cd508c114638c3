#include "lambda_runtime/loop.h"

#include <exception>

namespace lamplighter::lambda_runtime {
namespace {

Result<std::string> guarded(const Handler& handler, const Invocation& invocation) {
  try {
    return handler(invocation);
  } catch (const std::exception& exception) {
    return fail(ErrorKind::internal, "InternalError", exception.what());
  }
}

Status serve_one(RuntimeApi& api, const Handler& handler) {
  const auto invocation = TRY(api.next());
  const auto answer = guarded(handler, invocation);
  return answer ? api.respond(invocation, *answer) : api.report(invocation, answer.error());
}

}  // namespace

Error serve(RuntimeApi& api, const Handler& handler) {
  for (;;) {
    if (auto status = serve_one(api, handler); !status) return std::move(status).error();
  }
}

}  // namespace lamplighter::lambda_runtime
