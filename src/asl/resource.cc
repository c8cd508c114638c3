#include "asl/resource.h"

namespace lamplighter::asl {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

ResourceKind resource_kind(std::string_view resource) {
  if (!resource.starts_with("arn:")) return ResourceKind::invalid;
  if (resource.ends_with(":states:::lambda:invoke")) return ResourceKind::lambda_invoke;
  const bool function = contains(resource, ":lambda:") && contains(resource, ":function:");
  return function ? ResourceKind::lambda_function : ResourceKind::other;
}

std::string express_problem(std::string_view resource) {
  if (contains(resource, ":states:") && contains(resource, ":activity:"))
    return "Express state machine does not support Activity ARN";
  if (resource.ends_with(".waitForTaskToken"))  // the blank at the end is the service's
    return "Express state machine does not support '.waitForTaskToken' service integration ";
  if (resource.ends_with(".sync") || resource.ends_with(".sync:2"))
    return "Express state machine does not support '.sync' service integration";
  return "";
}

}  // namespace lamplighter::asl
