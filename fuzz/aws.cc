// What comes from outside into the AWS layer: configuration files, answers and error answers of AWS, function
// names. Any bytes give a value or an error, in bounded time and memory.
#include <cstddef>
#include <cstdint>
#include <string>

#include "aws/client/api_error.h"
#include "aws/credentials/ini.h"
#include "aws/services/cloudwatch.h"
#include "aws/services/ec2.h"
#include "aws/services/lambda.h"
#include "aws/services/sns.h"
#include "aws/services/sts.h"

using namespace lamplighter;

namespace {

/// Answers every call with the same bytes: a page that names a next one does so for ever.
class SameAnswer final : public aws::Caller {
 public:
  explicit SameAnswer(std::string answer) : answer_(std::move(answer)) {}
  Result<std::string> call(const aws::Target&, std::string_view, std::string_view,
                           const aws::Parameters&) override {
    if (++calls_ > 2) __builtin_trap();
    return answer_;
  }
  [[nodiscard]] aws::CallCounts counts() const override { return {}; }

 private:
  std::string answer_;
  int calls_ = 0;
};

void read_answers(const std::string& text) {
  SameAnswer first(text);
  (void)aws::Ec2(first, {}).describe_instances({});
  SameAnswer second(text);
  (void)aws::CloudWatch(second, {}).describe_alarms();
  SameAnswer third(text);
  (void)aws::Sns(third, {}).find_topic("topic");
  SameAnswer fourth(text);
  (void)aws::Sts(fourth, {}).assume_role({"arn", "name", ""});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      (void)aws::parse_ini(text, "config");
      break;
    case 1:
      if (aws::api_error({500, {}, text}).code.empty()) __builtin_trap();
      break;
    case 2:
      read_answers(text);
      break;
    default:
      if (const auto name = aws::parse_function_name(text); name && name->name.empty()) __builtin_trap();
  }
  return 0;
}
