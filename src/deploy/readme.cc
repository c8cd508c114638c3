#include "deploy/readme.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/arn.h"
#include "deploy/cloud_recipients.h"
#include "deploy/names.h"
#include "deploy/policy.h"
#include "deploy/template.h"
#include "fleet/recipients.h"
#include "fleet/schedule_days.h"
#include "machine/telling.h"

namespace lamplighter::deploy {
namespace {

constexpr std::size_t kMaxTemplateBody = 51'200;

bool are_bound(const fleet::Fleet& fleet) {
  return std::any_of(fleet.schedules.begin(), fleet.schedules.end(), fleet::is_bound);
}

std::string title(const fleet::Fleet& fleet) {
  return fmt::format(R"(# {} on AWS

Made by `lamplighter synth`; the same fleet file makes the same bytes{}. Run the commands here, in this directory.

| file | is |
|---|---|
| `template.json` | the CloudFormation template of the stack `{}` |
| `definitions/` | the state machines, as `lamplighter compile --cloud` prints them |
| `lambda.zip` | the function's code; you put it here |

)",
                     fleet.name, are_bound(fleet) ? " (with calendars, within a month)" : "",
                     stack_name(fleet));
}

std::string_view does(const Machine& machine) {
  if (machine.label == machine::kWarning) return "warns, before a stop, of";
  return machine.action == tasks::Action::start ? "starts" : "stops";
}

std::string machines_table(const fleet::Fleet& fleet, const std::vector<Machine>& machines) {
  std::string rows = "| state machine | does |\n|---|---|\n";
  for (const Machine& machine : machines) {
    rows += fmt::format(
        "| `{}` | {} the environments that its input names (`environments`), all where it names none |\n",
        part_name(fleet, machine.label, 80), does(machine));
  }
  return rows + "\n";
}

/// They stand in the schedules' inputs, so that nothing has to be read when one is due.
std::string calendars(const fleet::Fleet& fleet, Time now) {
  const auto until = fleet::known_until(fleet, now);
  if (!until) return "";
  return fmt::format(
      "The days of the calendars are known until {}: later ones are not left out. Run `lamplighter synth` "
      "and "
      "deploy again\nbefore, and whenever a calendar changes. Reports remind you of it in the last 30 "
      "days.\n\n",
      schedule::format_day(*until));
}

std::string prepare(const fleet::Fleet& fleet) {
  return fmt::format(
      R"(## 1. Prepare
`BUCKET` is an S3 bucket of yours in {0}; the files are uploaded to it under names that their contents decide.
`lambda.zip` is part of the package and of each release; `script/package-lambda` in a checkout makes it{1}.

```sh
export AWS_DEFAULT_REGION={0} BUCKET=my-bucket
cp /usr/share/lamplighter/lambda.zip .
```

)",
      home_region(fleet),
      fleet.classic.empty() ? "" : "; this fleet's must hold its file: `zip -j lambda.zip fleet.yaml`");
}

std::string deploy(const fleet::Fleet& fleet, std::size_t template_bytes) {
  const std::string name = stack_name(fleet);
  const std::string validate =
      template_bytes <= kMaxTemplateBody
          ? "aws cloudformation validate-template --template-body file://template.json"
          : "aws s3 cp template.json \"s3://$BUCKET/" + name +
                "/template.json\"\naws cloudformation validate-template --template-url "
                "\"https://$BUCKET.s3.$AWS_DEFAULT_REGION." +
                std::string(partition_of(home_region(fleet)).dns_suffix) + "/" + name + "/template.json\"";
  return fmt::format(R"(## 2. Validate, upload, deploy
```sh
{1}
aws cloudformation package --template-file template.json --s3-bucket "$BUCKET" --s3-prefix {0} \
  --use-json --output-template-file packaged.json
aws cloudformation deploy --stack-name {0} --template-file packaged.json --s3-bucket "$BUCKET" --s3-prefix {0} \
  --capabilities CAPABILITY_NAMED_IAM
```

The same three commands deploy every later change. `--no-execute-changeset` after the last shows what would change.

)",
                     name, validate);
}

std::string mail(const fleet::Fleet& fleet, const fleet::Notify& topic) {
  if (!makes_topic(fleet, topic) && !topic.sns.starts_with("arn:")) {
    return fmt::format(
        "The topic `{}` stands in {}, outside this stack: make it there, and subscribe to it.\n\n", topic.sns,
        topic.region);
  }
  if (topic.emails.empty()) return {};
  return fmt::format(
      "SNS asks {} to confirm the subscription; mail flows once the link in it is followed.\n\n",
      fmt::join(topic.emails, ", "));
}

/// What a person has to do so that everybody is told.
std::string recipients(const fleet::Fleet& fleet) {
  std::string text;
  for (const fleet::Notify& one : fleet.notify) {
    if (!one.sns.empty()) text += mail(fleet, one);
  }
  for (const fleet::Notify* one : cloud_recipients(fleet)) {
    if (!one->webhook) continue;
    text += fmt::format("For {}, {} has to be there in {}", fleet::words_of(*one), one->webhook->url.words(),
                        one->region);
    if (!one->webhook->secret.is_none()) text += fmt::format(", and {}", one->webhook->secret.words());
    text +=
        ". Where it is encrypted under a key of your own, the function needs `kms:Decrypt` on that key.\n\n";
  }
  return text;
}

std::string roles(const fleet::Fleet& fleet) {
  const auto arns = environment_roles(fleet);
  if (arns.empty()) return {};
  std::string text =
      "## Roles of other accounts\nThe function assumes these roles. Each needs the trust and the policy "
      "beside "
      "it, in its own account; put this\naccount's id in place of `ACCOUNT_ID` in the trust.\n\n| role | "
      "trust | "
      "policy |\n|---|---|---|\n";
  for (const std::string& arn : arns) {
    text += fmt::format("| `{0}` | `roles/{1}.trust.json` | `roles/{1}.policy.json` |\n", arn,
                        role_file_name(arn));
  }
  return text + "\n";
}

std::string operate(const fleet::Fleet& fleet) {
  return fmt::format(R"(## 3. Run once
```sh
MACHINE=$(aws cloudformation describe-stacks --stack-name {0} \
  --query "Stacks[0].Outputs[?OutputKey=='MachineStartArn'].OutputValue" --output text)
EXECUTION=$(aws stepfunctions start-execution --state-machine-arn "$MACHINE" --query executionArn --output text)
```

That starts all environments. To start some, add their names as the input: `--input '{{"environments": ["{1}"]}}'`.
`MachineStopArn` is the machine that stops.

## 4. Watch
```sh
aws stepfunctions describe-execution --execution-arn "$EXECUTION" --query '[status,startDate,stopDate]'
aws stepfunctions get-execution-history --execution-arn "$EXECUTION" --reverse-order --max-items 20
aws logs filter-log-events --log-group-name /aws/lambda/{0} --limit 50 --query 'events[].message' --output text
aws scheduler list-schedules --group-name {0} --query 'Schedules[].[Name,State]' --output text
```

## 5. Remove
```sh
aws cloudformation delete-stack --stack-name {0}
aws cloudformation wait stack-delete-complete --stack-name {0}
```
)",
                     stack_name(fleet), fleet.environments.front().name);
}

}  // namespace

std::string readme(const fleet::Fleet& fleet, const std::vector<Machine>& machines, Time now,
                   std::size_t template_bytes) {
  std::string text = title(fleet) + machines_table(fleet, machines) + calendars(fleet, now) + prepare(fleet) +
                     deploy(fleet, template_bytes) + recipients(fleet) + roles(fleet) + operate(fleet);
  if (fleet.schedules.empty()) {
    // Without schedules there is no group to list.
    const auto line = text.find("aws scheduler list-schedules");
    text.erase(line, text.find('\n', line) + 1 - line);
  }
  return text;
}

std::string role_file_name(const std::string& role_arn) {
  const auto account = role_arn.find("::");
  return aws_name(account == std::string::npos ? role_arn : role_arn.substr(account + 2));
}

}  // namespace lamplighter::deploy
