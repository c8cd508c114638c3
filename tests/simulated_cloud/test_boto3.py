"""boto3 drives the simulated cloud: EC2 and SNS in XML, CloudWatch in the JSON that newer SDKs speak."""

import http.client
import socket
import time
import urllib.parse

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

TOPIC = "arn:aws:sns:us-east-1:123456789012:mailme"


def ids(cloud, *names):
    return [cloud.server(name)["id"] for name in names]


def refusal(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


def names(reservations):
    return {tag["Value"] for reservation in reservations for instance in reservation["Instances"]
            for tag in instance["Tags"] if tag["Key"] == "Name"}


def test_a_server_starts_passes_its_checks_and_stops(cloud):
    ec2 = cloud.client("ec2")
    server = ids(cloud, "test1")
    change = ec2.start_instances(InstanceIds=server)["StartingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("stopped", "pending")
    quick = {"Delay": 0.05, "MaxAttempts": 400}
    ec2.get_waiter("instance_running").wait(InstanceIds=server, WaiterConfig=quick)
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=server, WaiterConfig=quick)
    ec2.get_waiter("system_status_ok").wait(InstanceIds=server, WaiterConfig=quick)
    assert cloud.server("test1")["instance_status"] == "ok"
    assert ec2.stop_instances(InstanceIds=server)["StoppingInstances"][0]["CurrentState"] == {"Code": 64, "Name": "stopping"}
    ec2.get_waiter("instance_stopped").wait(InstanceIds=server, WaiterConfig=quick)
    instance = ec2.describe_instances(InstanceIds=server)["Reservations"][0]["Instances"][0]
    assert instance["StateReason"]["Code"] == "Client.UserInitiatedShutdown"


def test_filters_and_pages(cloud):
    ec2 = cloud.client("ec2")
    two = ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["test1", "test10"]}])["Reservations"]
    assert names(two) == {"test1", "test10"}
    pages = list(ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 8}))
    assert [len(page["Reservations"]) for page in pages] == [8, 8, 4]
    assert len(set().union(*(names(page["Reservations"]) for page in pages))) == 20
    everything = ec2.describe_instance_status(IncludeAllInstances=True)["InstanceStatuses"]
    assert {status["InstanceStatus"]["Status"] for status in everything} == {"not-applicable"}
    assert ec2.describe_instance_status()["InstanceStatuses"] == []


def test_a_region_has_its_own_servers(cloud):
    assert cloud.client("ec2", region="eu-west-1").describe_instances()["Reservations"] == []


def test_ec2_refuses_as_ec2_does(cloud):
    ec2 = cloud.client("ec2")
    server = ids(cloud, "test1")
    assert refusal(ec2.describe_instances, InstanceIds=["i-0123456789abcdef0"]) == "InvalidInstanceID.NotFound"
    assert refusal(ec2.describe_instances, InstanceIds=["web"]) == "InvalidInstanceID.Malformed"
    assert refusal(ec2.start_instances, InstanceIds=server, DryRun=True) == "DryRunOperation"
    assert refusal(ec2.describe_instances, Filters=[{"Name": "colour", "Values": ["red"]}]) == "InvalidParameterValue"
    ec2.start_instances(InstanceIds=server)
    assert refusal(ec2.stop_instances, InstanceIds=server) == "IncorrectInstanceState"
    assert refusal(ec2.describe_vpcs) == "InvalidAction"


def test_request_rates(simulate):
    ec2 = simulate("--speed", "0.01").client("ec2")
    codes = [refusal(ec2.start_instances, InstanceIds=["i-0123456789abcdef0"]) for _ in range(6)]
    assert codes == ["InvalidInstanceID.NotFound"] * 5 + ["RequestLimitExceeded"]


def test_tags(cloud):
    ec2 = cloud.client("ec2")
    server = ids(cloud, "test1")
    ec2.create_tags(Resources=server, Tags=[{"Key": "Owner", "Value": "Ève & co"}])
    found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": server}, {"Name": "key", "Values": ["Owner"]}])["Tags"]
    assert [tag["Value"] for tag in found] == ["Ève & co"]
    ec2.delete_tags(Resources=server, Tags=[{"Key": "Owner"}])
    assert ec2.describe_instances(Filters=[{"Name": "tag-key", "Values": ["Owner"]}])["Reservations"] == []


def test_alarms(simulate):
    cloud = simulate("--state", "running", "--speed", "50")
    cloudwatch = cloud.client("cloudwatch")
    pages = list(cloudwatch.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 15}))
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    assert len(pages) > 1
    assert len(alarms) == len(cloud.look("alarms"))
    mine = next(alarm for alarm in alarms if alarm["AlarmName"] == "test1-status-check")
    assert mine["Dimensions"] == [{"Name": "InstanceId", "Value": cloud.server("test1")["id"]}]
    assert mine["StateUpdatedTimestamp"].year >= 1970
    assert mine["ActionsEnabled"]
    assert not all(alarm["ActionsEnabled"] for alarm in alarms), "a person disabled a few"

    cloudwatch.disable_alarm_actions(AlarmNames=["test1-status-check"])
    after = cloudwatch.describe_alarms(AlarmNamePrefix="test1-")["MetricAlarms"]
    assert {alarm["AlarmName"]: alarm["ActionsEnabled"] for alarm in after}["test1-status-check"] is False
    cloudwatch.enable_alarm_actions(AlarmNames=["test1-status-check"])
    cloudwatch.tag_resource(ResourceARN=mine["AlarmArn"], Tags=[{"Key": "a", "Value": "b"}])
    assert cloudwatch.list_tags_for_resource(ResourceARN=mine["AlarmArn"])["Tags"] == [{"Key": "a", "Value": "b"}]
    cloudwatch.untag_resource(ResourceARN=mine["AlarmArn"], TagKeys=["a"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=mine["AlarmArn"])["Tags"] == []
    assert refusal(cloudwatch.list_tags_for_resource, ResourceARN=mine["AlarmArn"] + "x") == "ResourceNotFoundException"


def test_alarms_are_muted_before_a_start(cloud):
    assert not any(alarm["actions_enabled"] for alarm in cloud.look("alarms"))


def test_mails(cloud):
    sns = cloud.client("sns")
    assert {"TopicArn": TOPIC} in sns.list_topics()["Topics"]
    made = sns.create_topic(Name="other")["TopicArn"]
    sns.publish(TopicArn=made, Subject="START STATUS: SUCCESS", Message="line one\nline two & <three>")
    mail = cloud.look("outbox")[0]
    assert (mail["topic"], mail["subject"], mail["message"]) == (made, "START STATUS: SUCCESS", "line one\nline two & <three>")
    assert sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["TopicArn"] == TOPIC
    assert sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="a@example.com")["SubscriptionArn"] == "pending confirmation"
    assert refusal(sns.publish, TopicArn=TOPIC + "x", Message="m") == "NotFound"
    assert refusal(sns.publish, TopicArn=TOPIC, Subject="two\nlines", Message="m") == "InvalidParameter"


def test_identity_and_roles(cloud):
    sts = cloud.client("sts")
    assert sts.get_caller_identity()["Account"] == "123456789012"
    role = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/Lamplighter", RoleSessionName="night")
    assert role["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert role["AssumedRoleUser"]["Arn"].endswith("assumed-role/Lamplighter/night")


def test_faults_of_servers(simulate):
    cloud = simulate("--speed", "500", "--fault", "capacity:test4", "--fault", "relapse:test5*1", "--fault", "missing:test19")
    ec2 = cloud.client("ec2")
    assert refusal(ec2.start_instances, InstanceIds=ids(cloud, "test1", "test4")) == "InsufficientInstanceCapacity"
    assert "test19" not in names(ec2.describe_instances()["Reservations"])
    relapsing = ids(cloud, "test5")
    ec2.start_instances(InstanceIds=relapsing)
    deadline = time.monotonic() + 20
    while cloud.server("test5")["state"] != "stopped" and time.monotonic() < deadline:
        time.sleep(0.02)
    reason = ec2.describe_instances(InstanceIds=relapsing)["Reservations"][0]["Instances"][0]["StateReason"]
    assert reason["Code"] != "Client.UserInitiatedShutdown"


def test_faults_of_calls(simulate):
    assert refusal(simulate("--fault", "throttle:1*1").client("ec2").describe_instances) == "RequestLimitExceeded"
    assert refusal(simulate("--fault", "error:1*1").client("sns").list_topics) == "InternalFailure"
    with pytest.raises(ConnectionClosedError):
        simulate("--fault", "reset:1*1").client("ec2").describe_instances()


def test_hostile_bytes_do_no_harm(cloud):
    address = urllib.parse.urlparse(cloud.url)
    for noise in (b"\x00" * 5000, b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"GET /%ff?\xff HTTP/1.1\r\n\r\n",
                  b"POST / HTTP/1.1\r\nContent-Length: 3\r\nX-Amz-Target: a.b\r\n\r\n\x9b\xff\xff"):
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    connection.request("POST", "/", body="Action=DescribeInstances&" + "Filter.1.Value.1=" + "*" * 100_000,
                       headers={"Authorization": "AWS4-HMAC-SHA256 Credential=a/b/us-east-1/ec2/aws4_request"})
    assert connection.getresponse().status == 400
    assert len(cloud.look("servers")) == 20


def test_parameters_are_kept_and_read_decrypted(cloud):
    ssm = cloud.client("ssm")
    ssm.put_parameter(Name="/hooks/slack", Value="https://x", Type="SecureString")
    assert refusal(ssm.put_parameter, Name="/hooks/slack", Value="y", Type="String") == "ParameterAlreadyExists"
    assert ssm.put_parameter(Name="/hooks/slack", Value="https://y", Type="SecureString", Overwrite=True)["Version"] == 2
    parameter = ssm.get_parameter(Name="/hooks/slack", WithDecryption=True)["Parameter"]
    assert (parameter["Value"], parameter["Type"]) == ("https://y", "SecureString")
    assert ssm.get_parameter(Name="/hooks/slack")["Parameter"]["Value"] != "https://y"
    assert refusal(ssm.get_parameter, Name="/hooks/other") == "ParameterNotFound"


def test_a_bus_takes_events_and_refuses_single_ones(cloud):
    events = cloud.client("events")
    good = {"Source": "lamplighter", "DetailType": "t", "Detail": "{}", "EventBusName": "ops"}
    answer = events.put_events(Entries=[good, {**good, "Detail": "no JSON"}, {**good, "Source": ""}])
    assert answer["FailedEntryCount"] == 2
    assert [entry.get("ErrorCode") for entry in answer["Entries"]] == [None, "MalformedDetail", "InvalidArgument"]
    assert refusal(events.put_events, Entries=[good] * 11) == "ValidationException"
