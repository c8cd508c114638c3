"""A stop and a start with exactly the policy that `lamplighter policy` prints, which moto enforces."""

import contextlib
import json
import urllib.request

import boto3
import botocore.exceptions
import pytest

FLEET = """
fleet: lower-environments
region: us-east-1
environments:
  dev:
    phases:
      - {{name: db, servers: [test2, test7]}}
      - {{name: app, servers: {{tags: {{Environment: dev, Tier: app}}}}}}
  test:
    phases:
      - {{name: db, servers: {{ids: [{by_id}]}}}}
      - {{name: app, servers: [test6]}}
notify: {{sns: mailme}}
"""


class Account:
    """Servers, an alarm and a topic on moto, and a user who may do what a policy says."""

    def __init__(self, aws):
        self.aws = aws
        self.ids = {name: self.run_instance(name) for name in ("test2", "test7", "test6", "by-id", "outsider")}
        self.ids["app1"] = self.run_instance("app1", Environment="dev", Tier="app")
        self.ids["half"] = self.run_instance("half", Environment="dev")  # has one of two tags only
        aws.client("sns").create_topic(Name="mailme")
        aws.client("cloudwatch").put_metric_alarm(
            AlarmName="test2-cpu", MetricName="CPUUtilization", Namespace="AWS/EC2", Statistic="Average", Period=300,
            EvaluationPeriods=1, Threshold=90, ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "InstanceId", "Value": self.ids["test2"]}])

    def run_instance(self, name, **tags):
        pairs = [{"Key": key, "Value": value} for key, value in {"Name": name, **tags}.items()]
        return self.aws.client("ec2").run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": pairs}])["Instances"][0]["InstanceId"]

    def user(self, policy):
        iam = self.aws.client("iam")
        iam.create_user(UserName="lamplighter")
        iam.put_user_policy(UserName="lamplighter", PolicyName="printed", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName="lamplighter")["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    @contextlib.contextmanager
    def enforced(self):
        """Within, moto checks every signature and every permission."""
        self.authorize_from("0")
        try:
            yield
        finally:
            self.authorize_from("inf")

    def authorize_from(self, count):
        request = urllib.request.Request(f"{self.aws.url}/moto-api/reset-auth", data=count.encode(),
                                         headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request).read()

    def states(self):
        described = self.aws.client("ec2").describe_instances(InstanceIds=list(self.ids.values()))
        found = {instance["InstanceId"]: instance["State"]["Name"]
                 for reservation in described["Reservations"] for instance in reservation["Instances"]}
        return {name: found[identity] for name, identity in self.ids.items()}

    def alarm_on(self):
        return self.aws.client("cloudwatch").describe_alarms(AlarmNames=["test2-cpu"])["MetricAlarms"][0]["ActionsEnabled"]


@pytest.fixture
def account(fresh_aws):
    return Account(fresh_aws)


@pytest.fixture
def fleet(account, tmp_path):
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET.format(by_id=account.ids["by-id"]))
    return path


@pytest.fixture
def policy(cli, fleet):
    return json.loads(cli("policy", "-f", fleet).stdout)


@pytest.fixture
def act(cli, account, fleet, tmp_path):
    """Runs `lamplighter start` or `stop` with a user's key while moto enforces; gives the finished process."""
    def run(action, key):
        with account.enforced():
            return cli(action, "-f", fleet, "--yes", "--json", "--state-dir", tmp_path / "state", check=False,
                               env=account.aws.environment(*key, HOME=str(tmp_path)))
    return run


def test_a_cycle_needs_no_more_than_the_printed_policy(account, policy, act):
    key = account.user(policy)
    inside = {"test2", "test7", "test6", "by-id", "app1"}

    stopped = act("stop", key)
    assert stopped.returncode == 0, stopped.stdout + stopped.stderr
    assert {name for name, state in account.states().items() if state == "stopped"} == inside
    assert not account.alarm_on()

    started = act("start", key)
    assert started.returncode == 0, started.stdout + started.stderr
    assert set(account.states().values()) == {"running"}
    assert account.alarm_on()
    assert '"subject": "START STATUS: SUCCESS - ' in started.stdout.replace('":"', '": "')


@pytest.mark.parametrize("missing", ["StartStopNamesUsEast1", "StartStopTagsUsEast1", "StartStopIdsUsEast1", "Look",
                                     "FindAlarms", "MuteAlarms", "FindTopic", "Report"])
def test_every_statement_is_needed(account, policy, act, missing):
    less = [statement for statement in policy["Statement"] if statement["Sid"] != missing]
    assert len(less) == len(policy["Statement"]) - 1
    assert act("stop", account.user({**policy, "Statement": less})).returncode != 0


@pytest.mark.parametrize("name, allowed", [("test2", True), ("by-id", True), ("app1", True), ("outsider", False),
                                           ("half", False)])
def test_only_the_fleets_servers_can_be_stopped(account, policy, name, allowed):
    key, secret = account.user(policy)
    ec2 = boto3.client("ec2", region_name="us-east-1", endpoint_url=account.aws.url, aws_access_key_id=key,
                       aws_secret_access_key=secret)
    with account.enforced():
        if allowed:
            ec2.stop_instances(InstanceIds=[account.ids[name]])
        else:
            with pytest.raises(botocore.exceptions.ClientError, match="UnauthorizedOperation|AccessDenied"):
                ec2.stop_instances(InstanceIds=[account.ids[name]])
            with pytest.raises(botocore.exceptions.ClientError, match="UnauthorizedOperation|AccessDenied"):
                ec2.terminate_instances(InstanceIds=[account.ids[name]])


def test_other_regions_stay_unseen(account, policy):
    key, secret = account.user(policy)
    ec2 = boto3.client("ec2", region_name="eu-west-1", endpoint_url=account.aws.url, aws_access_key_id=key,
                       aws_secret_access_key=secret)
    with account.enforced():
        with pytest.raises(botocore.exceptions.ClientError, match="UnauthorizedOperation|AccessDenied"):
            ec2.describe_instances()
