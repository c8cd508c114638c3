"""EventBridge Scheduler's API of `serve`, by boto3 and the AWS CLI: schedules are kept, shown, and fire."""
import datetime
import json
import time

import boto3
import botocore.config
import botocore.exceptions
import pytest

from api_server import ROLE, aws_cli, create, machine

UTC = datetime.timezone.utc
HELLO = machine("Hello", Hello={"Type": "Pass", "End": True})


def scheduler_of(server):
    keys = server.credentials()
    return boto3.client(
        "scheduler", endpoint_url=server.url, region_name="us-east-1", aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"], config=botocore.config.Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def scheduler(server):
    return scheduler_of(server)


@pytest.fixture
def hello(client):
    return create(client, HELLO, "hello")


def asked(state_machine, expression, **more):
    return {"ScheduleExpression": expression, "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": state_machine, "RoleArn": ROLE, **more.pop("target", {})}, **more}


def soon(seconds=2):
    return datetime.datetime.now(UTC) + datetime.timedelta(seconds=seconds)


def at(moment):
    return f"at({moment:%Y-%m-%dT%H:%M:%S})"


def wait_for(look, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"nothing after {seconds} s")


def code_of(error):
    return error.value.response["Error"]["Code"], error.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_schedule_is_kept_listed_changed_and_deleted(serve, server, scheduler, hello):
    scheduler.create_schedule_group(Name="night", Tags=[{"Key": "team", "Value": "x"}])
    made = scheduler.create_schedule(
        Name="evening", GroupName="night", **asked(hello, "cron(0 20 ? * MON-FRI *)", ScheduleExpressionTimezone="Europe/Berlin",
                                                   Description="the evening's", State="DISABLED"))
    assert made["ScheduleArn"] == "arn:aws:scheduler:us-east-1:123456789012:schedule/night/evening"
    shown = scheduler.get_schedule(Name="evening", GroupName="night")
    assert (shown["ScheduleExpressionTimezone"], shown["State"], shown["Target"]["RetryPolicy"]) == (
        "Europe/Berlin", "DISABLED", {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185})
    scheduler.update_schedule(Name="evening", GroupName="night", **asked(hello, "rate(1 days)", StartDate=soon(3600)))
    assert "Description" not in scheduler.get_schedule(Name="evening", GroupName="night"), "an update replaces everything"
    server.stop()
    again = scheduler_of(serve(state_dir=server.state_dir))
    assert [s["Name"] for s in again.list_schedules(GroupName="night")["Schedules"]] == ["evening"]
    group = again.get_schedule_group(Name="night")["Arn"]
    again.tag_resource(ResourceArn=group, Tags=[{"Key": "cost", "Value": "y z"}])
    again.untag_resource(ResourceArn=group, TagKeys=["team"])
    assert again.list_tags_for_resource(ResourceArn=group)["Tags"] == [{"Key": "cost", "Value": "y z"}]
    again.delete_schedule_group(Name="night")
    with pytest.raises(again.exceptions.ResourceNotFoundException):
        again.get_schedule(Name="evening", GroupName="night")
    assert [g["Name"] for g in again.list_schedule_groups()["ScheduleGroups"]] == ["default"]


def test_what_is_wrong_is_refused_with_the_services_words(scheduler, hello):
    scheduler.create_schedule(Name="a", **asked(hello, "rate(1 hours)", StartDate=soon(3600)))
    with pytest.raises(botocore.exceptions.ClientError) as error:
        scheduler.create_schedule(Name="a", **asked(hello, "rate(1 hours)"))
    assert code_of(error) == ("ConflictException", 409)
    with pytest.raises(botocore.exceptions.ClientError) as error:
        scheduler.create_schedule(Name="b", GroupName="none", **asked(hello, "rate(1 hours)"))
    assert code_of(error) == ("ResourceNotFoundException", 404)
    for wrong in (asked(hello, "cron(0 0 30 2 ? *)"), asked(hello, at(soon(-3600))), asked(hello + "x", "rate(1 hours)"),
                  asked("arn:aws:lambda:us-east-1:123456789012:function:f", "rate(1 hours)")):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            scheduler.create_schedule(Name="b", **wrong)
        assert code_of(error) == ("ValidationException", 400), wrong
    assert [s["Name"] for s in scheduler.list_schedules()["Schedules"]] == ["a"]
    with pytest.raises(botocore.exceptions.ClientError) as error:
        boto3.client("scheduler", endpoint_url=scheduler.meta.endpoint_url, region_name="us-east-1", aws_access_key_id="x",
                     aws_secret_access_key="y").list_schedules()
    assert code_of(error)[1] == 403


def test_an_occurrence_starts_its_state_machine_once(client, scheduler, hello):
    due = soon()
    words = ("schedule-arn", "scheduled-time", "execution-id", "attempt-number")
    scheduler.create_schedule(Name="once", **asked(
        hello, at(due), ActionAfterCompletion="DELETE",
        target={"Input": json.dumps({word: f"<aws.scheduler.{word}>" for word in words})}))
    ran = wait_for(lambda: client.list_executions(stateMachineArn=hello)["executions"])
    assert len(ran) == 1 and ran[0]["name"].endswith(f"{due:-%Y%m%dT%H%M%SZ}")
    told = json.loads(client.describe_execution(executionArn=ran[0]["executionArn"])["input"])
    assert told["schedule-arn"].endswith(":schedule/default/once")
    assert told["scheduled-time"] == f"{due:%Y-%m-%dT%H:%M:%SZ}"
    assert told["attempt-number"] == "1" and len(told["execution-id"]) == 36
    assert 0 <= ran[0]["startDate"].timestamp() - due.replace(microsecond=0).timestamp() < 1, "in its second"
    wait_for(lambda: not scheduler.list_schedules()["Schedules"])


def test_a_rate_fires_at_once_and_without_an_input_tells_what_the_service_tells(client, scheduler, hello):
    scheduler.create_schedule(Name="often", **asked(hello, "rate(1 minutes)"))
    ran = wait_for(lambda: client.list_executions(stateMachineArn=hello)["executions"])
    told = json.loads(client.describe_execution(executionArn=ran[0]["executionArn"])["input"])
    assert told["source"] == "aws.scheduler" and told["detail-type"] == "Scheduled Event"
    assert told["resources"] == ["arn:aws:scheduler:us-east-1:123456789012:schedule/default/often"]


def test_what_was_due_while_nobody_served_is_made_up_for(serve, server, scheduler, hello):
    scheduler.create_schedule(Name="once", **asked(hello, at(soon())))
    server.kill()
    time.sleep(2)  # the moment itself must pass
    client = serve(state_dir=server.state_dir).client()
    assert wait_for(lambda: client.list_executions(stateMachineArn=hello)["executions"])


def test_a_fleet_files_schedules_are_shown_read_only(serve, tmp_path):
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text("""
fleet: lower
region: us-east-1
environments:
  dev: {phases: [{name: app, servers: [a]}]}
schedules:
  - {name: weekday evenings, action: stop, cron: "0 20 ? * MON-FRI *", timezone: Europe/Berlin, environments: [dev]}
""")
    scheduler = scheduler_of(serve("-f", fleet))
    shown = scheduler.get_schedule(Name="weekday-evenings", GroupName="lower")
    assert shown["ScheduleExpression"] == "cron(0 20 ? * MON-FRI *)" and shown["Description"] == "weekday evenings"
    assert shown["Target"]["Arn"].endswith(":stateMachine:lower-stop") and json.loads(shown["Target"]["Input"]) == {
        "schedule": "weekday evenings", "action": "stop", "environments": ["dev"],
        "occurrence": {"schedule": "weekday evenings", "due": "<aws.scheduler.scheduled-time>"}}
    with pytest.raises(scheduler.exceptions.ConflictException, match="change the file"):
        scheduler.delete_schedule(Name="weekday-evenings", GroupName="lower")


def test_the_aws_cli_speaks_it(server, hello, tmp_path):
    aws = aws_cli(server, tmp_path, "scheduler")
    aws("create-schedule", "--name", "evening", "--schedule-expression", "cron(0 20 * * ? *)", "--flexible-time-window", "Mode=OFF",
        "--target", json.dumps({"Arn": hello, "RoleArn": ROLE}))
    assert [s["Name"] for s in aws("list-schedules", "--name-prefix", "even")["Schedules"]] == ["evening"]
    group = aws("get-schedule-group", "--name", "default")["Arn"]
    aws("tag-resource", "--resource-arn", group, "--tags", "Key=team,Value=x")
    assert aws("list-tags-for-resource", "--resource-arn", group)["Tags"] == [{"Key": "team", "Value": "x"}]
    aws("delete-schedule", "--name", "evening")
    assert aws("list-schedules")["Schedules"] == []
