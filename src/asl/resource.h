// What a Task state's Resource names.
#pragma once

#include <string>
#include <string_view>

namespace lamplighter::asl {

enum class ResourceKind {
  lambda_invoke,    ///< arn:PARTITION:states:::lambda:invoke
  lambda_function,  ///< arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:VERSION]
  other,            ///< an ARN of what does not run here
  invalid,          ///< no ARN
};

ResourceKind resource_kind(std::string_view resource);

/// Why an Express state machine cannot have `resource`, in the service's words; "" where it can.
std::string express_problem(std::string_view resource);

}  // namespace lamplighter::asl
