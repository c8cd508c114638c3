#include "aws/services/ssm.h"

#include "aws/client/json_answer.h"

namespace lamplighter::aws {

Result<std::string> Ssm::get_parameter(const std::string& name) {
  constexpr std::string_view kAction = "GetParameter";
  const auto answer = TRY(parse_answer(
      kAction, TRY(caller_.call_json(target_, "ssm", kAction, {{"Name", name}, {"WithDecryption", true}}))));
  const auto* parameter = find(answer, "Parameter");
  const auto* value = parameter != nullptr ? find(*parameter, "Value") : nullptr;
  if (value == nullptr || !value->is_string()) return invalid_answer(kAction, "the answer has no value");
  return std::string(value->get_string());
}

}  // namespace lamplighter::aws
