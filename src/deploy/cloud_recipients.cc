#include "deploy/cloud_recipients.h"

#include <fmt/format.h>

#include "fleet/recipients.h"

namespace lamplighter::deploy {
namespace {

Status check(const fleet::Notify& one, const tasks::SecretSource& secret, std::string_view what) {
  if (secret.is_none() || secret.kind == tasks::SecretSource::Kind::ssm) return {};
  return fail(
      ErrorKind::bad_input, "NotInCloud",
      fmt::format("notify: found {} of {} in {}, which the Lambda function does not have, expected an "
                  "SSM parameter: put it there (`aws ssm put-parameter --type SecureString --name "
                  "/lamplighter/NAME --value …`) and say {{ssm: /lamplighter/NAME}}",
                  what, words_of(one), secret.words()));
}

}  // namespace

std::vector<const fleet::Notify*> cloud_recipients(const fleet::Fleet& fleet) {
  std::vector<const fleet::Notify*> told;
  for (const fleet::Notify& one : fleet.notify) {
    if (is_told_of_runs(one) || is_told_of(one, fleet::Occasion::warning)) told.push_back(&one);
  }
  return told;
}

Status check_recipients(const fleet::Fleet& fleet) {
  for (const fleet::Notify* one : cloud_recipients(fleet)) {
    if (!one->webhook) continue;
    CHECK_OK(check(*one, one->webhook->url, "the URL"));
    CHECK_OK(check(*one, one->webhook->secret, "the secret"));
  }
  return {};
}

}  // namespace lamplighter::deploy
