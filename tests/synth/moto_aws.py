"""moto's server, with what its CloudFormation and its IAM leave out.

* Resource types that moto knows by API but not from templates (Scheduler, alarms, subscriptions) are created through
  that API, by boto3, so that botocore checks their properties.
* A state machine's DefinitionS3Location is read from moto's S3, as CloudFormation does.
* A stack's outputs are there after a change set too, and its managed policies change and go with it.
* moto's IAM ignores a policy's conditions and takes every resource for "*". Here each request is authorized for the
  resources that it names, with their tags and the region as the conditions' context.
* moto's IAM checks the signature of a form as botocore would have written it. Here it is that of the bytes that came.

    python moto_aws.py PORT     (prints the port once it listens; 0 for a free one)
"""

import io
import json
import re
import sys
import threading

import boto3
from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet
from moto.core.common_models import CloudFormationModel
from moto.ec2.models import ec2_backends
from moto.iam import access_control
from moto.iam.models import ManagedPolicy
from moto.stepfunctions.models import StateMachine
from moto.utilities.utils import get_partition

URL = ""


def client(service, region):
    return boto3.client(service, region_name=region, endpoint_url=URL, aws_access_key_id="cloudformation",
                        aws_secret_access_key="none")


# --- CloudFormation ---------------------------------------------------------------------------------------------------

class ApiResource:
    """A resource that is made by one call, whose parameters are the template's properties."""

    __module__ = "moto.template"  # moto files its models by the second part of their module's name

    def __init__(self, physical_id, arn):
        self.physical_resource_id = physical_id
        self.arn = arn

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def cloudformation_type(cls):
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr == "Arn"

    def get_cfn_attribute(self, _attribute):
        return self.arn

    @classmethod
    def create_from_cloudformation_json(cls, _name, cloudformation_json, _account_id, region_name, **_):
        return cls(*cls.create(region_name, **cloudformation_json["Properties"]))

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, _account_id, region_name):
        cls.delete(region_name, resource_name, cloudformation_json["Properties"])

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        cls.delete(region_name, original_resource.physical_resource_id, cloudformation_json["Properties"])
        return cls(*cls.create(region_name, **cloudformation_json["Properties"]))


class ScheduleGroup(ApiResource, CloudFormationModel):
    __module__ = "moto.template"
    TYPE = "AWS::Scheduler::ScheduleGroup"

    @staticmethod
    def create(region, **properties):
        return properties["Name"], client("scheduler", region).create_schedule_group(**properties)["ScheduleGroupArn"]

    @staticmethod
    def delete(region, name, _properties):
        client("scheduler", region).delete_schedule_group(Name=name)


class Schedule(ApiResource, CloudFormationModel):
    __module__ = "moto.template"
    TYPE = "AWS::Scheduler::Schedule"

    @staticmethod
    def create(region, **properties):
        return properties["Name"], client("scheduler", region).create_schedule(**properties)["ScheduleArn"]

    @staticmethod
    def delete(region, name, properties):
        scheduler = client("scheduler", region)
        if name in [found["Name"] for found in scheduler.list_schedules()["Schedules"]]:  # gone with its group
            scheduler.delete_schedule(Name=name, GroupName=properties["GroupName"])


class Alarm(ApiResource, CloudFormationModel):
    __module__ = "moto.template"
    TYPE = "AWS::CloudWatch::Alarm"

    @staticmethod
    def create(region, **properties):
        client("cloudwatch", region).put_metric_alarm(**properties)
        return properties["AlarmName"], ""

    @staticmethod
    def delete(region, name, _properties):
        client("cloudwatch", region).delete_alarms(AlarmNames=[name])


class Subscription(ApiResource, CloudFormationModel):
    __module__ = "moto.template"
    TYPE = "AWS::SNS::Subscription"

    @staticmethod
    def create(_region, Region, **properties):
        arn = client("sns", Region).subscribe(**properties)["SubscriptionArn"]
        return arn, arn

    @staticmethod
    def delete(_region, arn, properties):
        client("sns", properties["Region"]).unsubscribe(SubscriptionArn=arn)


def with_definition(function):
    """Puts the text at DefinitionS3Location into DefinitionString before moto makes or changes a state machine."""
    def call(*args, **kwargs):
        for value in [*args, *kwargs.values()]:
            properties = value.get("Properties", {}) if isinstance(value, dict) else {}
            if location := properties.get("DefinitionS3Location"):
                found = client("s3", "us-east-1").get_object(Bucket=location["Bucket"], Key=location["Key"])
                properties["DefinitionString"] = found["Body"].read().decode()
        return function(*args, **kwargs)
    return call


StateMachine.create_from_cloudformation_json = with_definition(StateMachine.create_from_cloudformation_json)
StateMachine.update_from_cloudformation_json = with_definition(StateMachine.update_from_cloudformation_json)


def apply(self, original=ChangeSet.apply):
    original(self)
    self.stack.output_map = parsing.OutputMap(self.stack.resource_map, self.template_dict, self.stack.stack_id)


ChangeSet.apply = apply


def delete_policy(self, _account_id, region_name):
    iam = client("iam", region_name)
    for role in iam.list_entities_for_policy(PolicyArn=self.arn)["PolicyRoles"]:
        iam.detach_role_policy(PolicyArn=self.arn, RoleName=role["RoleName"])
    iam.delete_policy(PolicyArn=self.arn)


def update_policy(original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    client("iam", region_name).create_policy_version(
        PolicyArn=original_resource.arn, SetAsDefault=True,
        PolicyDocument=json.dumps(cloudformation_json["Properties"]["PolicyDocument"]))
    return original_resource


ManagedPolicy.delete = delete_policy
ManagedPolicy.update_from_cloudformation_json = staticmethod(update_policy)


# --- IAM --------------------------------------------------------------------------------------------------------------

def values(data, prefix):
    """The query protocol's lists: InstanceId.1, AlarmNames.member.1."""
    found = [value for key, value in data.items() if re.fullmatch(re.escape(prefix) + r"(\.member)?\.\d+", key)]
    return [value[0] if isinstance(value, list) else value for value in found]


def first(data, key):
    value = data.get(key, "")
    return value[0] if isinstance(value, list) else value


def requested(request):
    """[(resource ARN, {condition key: value})] of a request."""
    account, region, data = request.account_id, request._region, request._data
    partition = get_partition(region)
    context = {"aws:RequestedRegion": region}

    def instance(identity):
        tags = ec2_backends[account][region].describe_tags(filters={"resource-id": [identity]})
        own = {f"ec2:ResourceTag/{tag['key']}": tag["value"] for tag in tags}
        return f"arn:{partition}:ec2:{region}:{account}:instance/{identity}", {**context, **own}

    action = request._action
    if action in ("ec2:StartInstances", "ec2:StopInstances"):
        return [instance(identity) for identity in values(data, "InstanceId")]
    if action.endswith(":DisableAlarmActions") or action.endswith(":EnableAlarmActions"):
        return [(f"arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}", context)
                for name in values(data, "AlarmNames")]
    for key in ("ResourceARN", "TopicArn", "RoleArn"):
        if first(data, key):
            return [(first(data, key), context)]
    return [("*", context)]


def matches(pattern, text):
    parts = re.split(r"([*?])", pattern)
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts), text, re.S)


def listed(value):
    return value if isinstance(value, list) else [value]


def holds(condition, context):
    """Whether a statement's Condition holds: StringEquals, on keys that the request must have."""
    assert set(condition) <= {"StringEquals"}, f"not known to this test: {condition}"
    return all(context.get(key) in [text.replace("${$}", "$") for text in listed(wanted)]
               for key, wanted in condition.get("StringEquals", {}).items())


def allows(statement, action, resource, context):
    return (statement["Effect"] == "Allow"
            and any(matches(pattern.lower(), action.lower()) for pattern in listed(statement["Action"]))
            and any(matches(pattern, resource) for pattern in listed(statement["Resource"]))
            and holds(statement.get("Condition", {}), context))


def check_action_permitted(self, _resource):
    # CloudWatch signs as "monitoring" and is "cloudwatch" in policies.
    self._action = self._action.replace("monitoring:", "cloudwatch:")
    if self._action == "sts:GetCallerIdentity":
        return
    statements = [statement for policy in self._access_key.collect_policies()
                  for statement in listed(access_control.IAMPolicy(policy)._policy_json["Statement"])]
    for resource, context in requested(self):
        if not any(allows(statement, self._action, resource, context) for statement in statements):
            print(f"refused {self._action} on {resource}", file=sys.stderr, flush=True)
            self._raise_access_denied()


access_control.IAMRequest.check_action_permitted = check_action_permitted

came = threading.local()  # the body of the request that this thread answers


def keep_body(application):
    def call(environ, start_response):
        came.body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return application({**environ, "wsgi.input": io.BytesIO(came.body)}, start_response)
    return call


def with_body(function):
    def call(self):
        self._body = came.body
        return function(self)
    return call


access_control.IAMRequest._create_aws_request = with_body(access_control.IAMRequest._create_aws_request)


def main():
    global URL
    from werkzeug.serving import make_server
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    application = keep_body(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", int(sys.argv[1]), application, threaded=True)
    URL = f"http://127.0.0.1:{server.server_port}"
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
