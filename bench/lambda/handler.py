"""The peer: the same look at the same servers, as one writes it with boto3."""

import boto3

ec2 = boto3.client("ec2")


def handler(event, _context):
    filters = [{"Name": "tag:Name", "Values": event["servers"]["names"]}]
    pages = ec2.get_paginator("describe_instances").paginate(Filters=filters)
    instances = [i for page in pages for reservation in page["Reservations"] for i in reservation["Instances"]]
    running = [i["InstanceId"] for i in instances if i["State"]["Name"] == "running"]
    statuses = ec2.describe_instance_status(InstanceIds=running)["InstanceStatuses"] if running else []
    passed = [s for s in statuses if s["InstanceStatus"]["Status"] == s["SystemStatus"]["Status"] == "ok"]
    return {"status": "ready" if len(passed) == len(event["servers"]["names"]) else "waiting"}
