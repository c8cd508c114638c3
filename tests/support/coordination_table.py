"""The DynamoDB table by which runs agree (docs/fleet-file.md)."""


def make(dynamodb, name):
    keys = {"scope": "HASH", "key": "RANGE"}
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()])
