"""What is asserted again and again."""

import re

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERSION = re.compile(r"[0-9a-f]{32}")
JSON_TYPE = "application/json; charset=utf-8"

# of the secret "kept", see integration/conftest.py
KEPT_VALUE = "kept through everything"


def refused(answer, status, code, inner=None, message=None):
    """The answer is this documented error, in the documented form.

    message: the whole text, or a compiled pattern that must match all of it.
    """
    assert answer.status == status, answer
    assert answer.header("Content-Type") == JSON_TYPE, answer
    document = answer.json
    assert set(document) == {"error"}, answer
    assert set(document["error"]) <= {"code", "message", "innererror"}, answer
    assert answer.error == (code, inner), answer
    assert answer.message, answer
    if isinstance(message, str):
        assert answer.message == message
    elif message is not None:
        assert message.fullmatch(answer.message), answer.message
    assert GUID.fullmatch(answer.header("x-ms-request-id")), answer


def bad_parameter(answer, message=None):
    refused(answer, 400, "BadParameter", None, message)


def succeeded(answer, status=200):
    assert answer.status == status, answer
    if status == 204:
        assert answer.body == b"" and answer.header("Content-Type") is None
        return None
    assert answer.header("Content-Type") == JSON_TYPE, answer
    return answer.json
