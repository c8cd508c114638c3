"""Debian's AWS CLI drives the simulated cloud."""

TOPIC = "arn:aws:sns:us-east-1:123456789012:mailme"


def test_start_and_stop(cloud):
    server = cloud.server("test1")["id"]
    found = cloud.aws("ec2", "describe-instances", "--filters", "Name=tag:Name,Values=test1")
    assert found["Reservations"][0]["Instances"][0]["InstanceId"] == server
    started = cloud.aws("ec2", "start-instances", "--instance-ids", server)
    assert started["StartingInstances"][0]["CurrentState"]["Name"] == "pending"
    status = cloud.aws("ec2", "describe-instance-status", "--include-all-instances", "--instance-ids", server)
    assert status["InstanceStatuses"][0]["InstanceId"] == server
    again = cloud.aws("ec2", "stop-instances", "--instance-ids", "i-0123456789abcdef0")
    assert "InvalidInstanceID.NotFound" in again.stderr


def test_alarms(cloud):
    alarms = cloud.aws("cloudwatch", "describe-alarms")["MetricAlarms"]
    assert len(alarms) == len(cloud.look("alarms"))
    assert cloud.aws("cloudwatch", "enable-alarm-actions", "--alarm-names", "test1-status-check") == {}
    mine = next(alarm for alarm in cloud.look("alarms") if alarm["name"] == "test1-status-check")
    assert mine["actions_enabled"]


def test_mail_and_identity(cloud):
    assert cloud.aws("sns", "list-topics")["Topics"] == [{"TopicArn": TOPIC}]
    assert cloud.aws("sns", "publish", "--topic-arn", TOPIC, "--subject", "Hello", "--message", "there")["MessageId"]
    assert cloud.look("outbox")[0]["subject"] == "Hello"
    assert cloud.aws("sts", "get-caller-identity")["Account"] == "123456789012"
