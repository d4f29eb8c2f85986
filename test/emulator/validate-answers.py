"""Asks Connect and holds each answer, as it came over the wire, against botocore's model.

The argument is a JSON list of operations with their input; the answer a JSON object of what is wrong with each. AWS_ENDPOINT_URL_CONNECT
says whom to ask.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator


def unknown_members(value, shape, path):
    """What botocore lets pass without a word: members and values of enumerations that its model does not have."""
    if shape.type_name == "structure":
        for name, member in value.items():
            if name not in shape.members:
                yield f"{path}.{name} is not in the model"
            else:
                yield from unknown_members(member, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for index, member in enumerate(value):
            yield from unknown_members(member, shape.member, f"{path}[{index}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{path} is {value!r}, not one of {shape.enum}"


def main():
    client = botocore.session.get_session().create_client("connect")
    wrong = {}
    raw = []
    client.meta.events.register(
        "before-parse.connect", lambda response_dict, **_: raw.append(response_dict["body"])
    )
    for operation, given in json.loads(sys.argv[1]):
        parsed = client._make_api_call(operation, given)
        parsed.pop("ResponseMetadata")
        shape = client.meta.service_model.operation_model(operation).output_shape
        report = ParamValidator().validate(parsed, shape)
        lines = report.generate_report().splitlines() if report.has_errors() else []
        wrong[operation] = lines + list(unknown_members(json.loads(raw.pop()), shape, operation))
    print(json.dumps(wrong))


main()
