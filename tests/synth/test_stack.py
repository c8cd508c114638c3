"""The commands of the README, run one after another against moto, and what boto3 finds afterwards."""

import ast
import io
import json
import pathlib
import re
import subprocess
import sys
import zipfile

import pytest

FLEET = pathlib.Path(__file__).with_name("fleet.yaml")
STACK = "lamplighter-lower-environments"
BIN = pathlib.Path(sys.executable).parent


def shell_blocks(readme):
    return re.findall(r"```sh\n(.*?)```", readme, re.S)


class Deployment:
    """Runs the README's blocks in one shell session after another, each with the variables of those before it."""

    def __init__(self, directory, environment):
        self.directory = directory
        self.environment = environment
        self.blocks = shell_blocks((directory / "README.md").read_text())

    def run(self, number):
        script = self.blocks[number] + "\ndeclare -p BUCKET MACHINE EXECUTION 2>/dev/null > variables || true\n"
        before = "set -euo pipefail; [ -f variables ] && . ./variables\n"
        done = subprocess.run(["bash", "-c", before + script], cwd=self.directory, env=self.environment,
                              capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def deployed(aws, cli, tmp_path_factory):
    directory = tmp_path_factory.mktemp("synth")
    cli("synth", "-f", FLEET, "-o", directory / "out")
    # The README's first block names the user's bucket and copies the user's lambda.zip: here they are the test's.
    (directory / "out" / "lambda.zip").write_bytes(minimal_zip())
    aws.client("s3").create_bucket(Bucket="my-bucket")
    # moto finds a template by its URL only where that says localhost and has the bucket in its path.
    (directory / "config").write_text("[default]\ns3 =\n  addressing_style = path\n")
    environment = aws.environment(BUCKET="my-bucket", AWS_CONFIG_FILE=str(directory / "config"),
                                  AWS_ENDPOINT_URL=aws.url.replace("127.0.0.1", "localhost"))
    environment["PATH"] = f"{BIN}:{environment['PATH']}"
    deployment = Deployment(directory / "out", environment)
    deployment.run(1)
    return deployment


def minimal_zip():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
    return buffer.getvalue()


def test_the_packaged_template_is_clean(deployed):
    done = subprocess.run([BIN / "cfn-lint", deployed.directory / "packaged.json"], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stdout, done.stdout


def test_state_machines_are_what_compile_prints(aws, deployed, cli):
    states = aws.client("stepfunctions")
    found = {machine["name"]: machine["stateMachineArn"] for machine in states.list_state_machines()["stateMachines"]}
    assert set(found) == {f"{STACK}-start", f"{STACK}-stop", f"{STACK}-warn"}
    for action in ("start", "stop"):
        machine = states.describe_state_machine(stateMachineArn=found[f"{STACK}-{action}"])
        printed = cli("compile", action, "-f", FLEET, "--cloud").stdout
        assert machine["definition"] == printed
        assert machine["roleArn"].endswith(f":role/{STACK}-machine")
        assert f'"FunctionName": "{STACK}"' in printed


def test_schedules_start_their_machines(aws, deployed):
    scheduler = aws.client("scheduler")
    names = [schedule["Name"] for schedule in scheduler.list_schedules(GroupName=STACK)["Schedules"]]
    assert sorted(names) == ["dev-naps", "holiday", "warning-of-weekday-evenings", "weekday-evenings", "weekday-mornings"]
    queue = aws.client("sqs").get_queue_url(QueueName=f"{STACK}-undelivered")["QueueUrl"]
    queue_arn = aws.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    wanted = {
        "weekday-mornings": ("cron(0 6 ? * MON-FRI *)", "America/New_York", {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}, "start",
                             {"schedule": "weekday mornings", "action": "start", "environments": []}),
        "weekday-evenings": ("cron(0 20 ? * MON-FRI *)", "America/New_York", {"Mode": "OFF"}, "stop",
                             {"schedule": "weekday evenings", "action": "stop", "environments": []}),
        "dev-naps": ("rate(12 hours)", "UTC", {"Mode": "OFF"}, "stop",
                     {"schedule": "dev naps", "action": "stop", "environments": ["dev"]}),
        "holiday": ("at(2098-12-24T06:00:00)", "Europe/Berlin", {"Mode": "OFF"}, "start",
                    {"schedule": "holiday", "action": "start", "environments": ["test", "dev"]}),
    }
    evening = {"schedule": "weekday evenings", "action": "stop", "environments": []}
    wanted["warning-of-weekday-evenings"] = ("cron(45 19 ? * 2,3,4,5,6 *)", "America/New_York", {"Mode": "OFF"}, "warn", {**evening, "ahead": 900})
    for name, (expression, zone, window, machine, given) in wanted.items():
        schedule = scheduler.get_schedule(GroupName=STACK, Name=name)
        assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == (expression, zone)
        assert schedule["FlexibleTimeWindow"] == window
        target = schedule["Target"]
        assert target["Arn"].endswith(f":stateMachine:{STACK}-{machine}")
        assert target["RoleArn"].endswith(f":role/{STACK}-scheduler")
        assert json.loads(target["Input"]) == {
            **given, "occurrence": {"schedule": given["schedule"], "due": "<aws.scheduler.scheduled-time>"}}
        age, attempts = {"weekday-evenings": (7200, 20), "warning-of-weekday-evenings": (900, 20)}.get(name, (3600, 185))
        assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": age, "MaximumRetryAttempts": attempts}
        assert target["DeadLetterConfig"]["Arn"] == queue_arn
    assert scheduler.get_schedule(GroupName=STACK, Name="weekday-mornings")["EndDate"].year == 2099


def test_topic_queue_function_roles_logs_alarms(aws, deployed):
    topics = aws.client("sns").list_topics()["Topics"]
    assert [topic["TopicArn"].rsplit(":", 1)[1] for topic in topics] == ["mailme"]
    subscriptions = aws.client("sns").list_subscriptions_by_topic(TopicArn=topics[0]["TopicArn"])["Subscriptions"]
    assert [(entry["Protocol"], entry["Endpoint"]) for entry in subscriptions] == [("email", "operations@example.com")]

    function = aws.client("lambda").get_function(FunctionName=STACK)["Configuration"]
    assert (function["Runtime"], function["Handler"]) == ("provided.al2023", "bootstrap")
    assert function["Role"].endswith(f":role/{STACK}-function")

    iam = aws.client("iam")
    assert {role["RoleName"] for role in iam.list_roles()["Roles"]} == {f"{STACK}-function", f"{STACK}-machine",
                                                                         f"{STACK}-scheduler"}
    def statements(part):
        document = iam.get_role_policy(RoleName=f"{STACK}-{part}", PolicyName=part)["PolicyDocument"]
        # moto gives a stack's inline policies as Python writes them.
        return (ast.literal_eval(document) if isinstance(document, str) else document)["Statement"]

    invoke = statements("machine")[0]
    assert invoke["Resource"] == function["FunctionArn"]
    start, send = statements("scheduler")
    assert {arn.rsplit(":", 1)[1] for arn in start["Resource"]} == {f"{STACK}-start", f"{STACK}-stop", f"{STACK}-warn"}
    assert send["Resource"].endswith(f":{STACK}-undelivered")

    groups = {group["logGroupName"]: group["retentionInDays"]
              for group in aws.client("logs").describe_log_groups()["logGroups"]}
    assert groups == {f"/aws/lambda/{STACK}": 30, f"/aws/vendedlogs/states/{STACK}": 30}

    alarms = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == {
        f"{STACK}-undelivered", f"{STACK}-start-failed", f"{STACK}-stop-failed", f"{STACK}-warn-failed"}
    assert all(alarm["AlarmActions"] == [topics[0]["TopicArn"]] for alarm in alarms)


def test_the_function_role_allows_what_policy_prints(aws, deployed, cli):
    iam = aws.client("iam")
    attached = iam.list_attached_role_policies(RoleName=f"{STACK}-function")["AttachedPolicies"]
    statements = []
    for policy in attached:
        version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
        statements += document["Statement"]
    printed = json.loads(cli("policy", "-f", FLEET, "--account", "123456789012").stdout)
    assert statements == printed["Statement"]


def test_a_change_deploys_with_the_same_commands_and_the_others_run_too(deployed, aws, cli, tmp_path):
    changed = tmp_path / "changed.yaml"
    changed.write_text(FLEET.read_text().replace("[test3]", "[test3, test9]").replace("0 6 ?", "30 6 ?"))
    cli("synth", "-f", changed, "-o", deployed.directory)
    deployed.run(1)
    schedule = aws.client("scheduler").get_schedule(GroupName=STACK, Name="weekday-mornings")
    assert schedule["ScheduleExpression"] == "cron(30 6 ? * MON-FRI *)"
    machine = f"arn:aws:states:us-east-1:123456789012:stateMachine:{STACK}-start"
    assert "test9" in aws.client("stepfunctions").describe_state_machine(stateMachineArn=machine)["definition"]

    deployed.run(2)
    assert len(aws.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]) == 1
    assert "weekday-mornings" in deployed.run(3)

    deployed.run(4)
    assert not aws.client("stepfunctions").list_state_machines()["stateMachines"]
    assert not aws.client("scheduler").list_schedules()["Schedules"]
    assert not aws.client("lambda").list_functions()["Functions"]
