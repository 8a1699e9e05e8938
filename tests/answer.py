"""What a test knows of one answer, however it came: in-process, over HTTP, or off a raw socket."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: header names are in lower case, in the order that they came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def json(self) -> Any:  # noqa: ANN401 -- JSON can be anything
        """Give the body, parsed."""
        return json.loads(self.body)

    @property
    def values(self) -> list[int]:
        """Give the values of the first key field, bucket by bucket."""
        return [point["0"] for point in self.json()["series"]]


def assert_error(answer: Answer, status: int, code: str) -> str:
    """Hold an answer to the shape of all our errors, and give its message."""
    assert answer.status == status, answer
    assert answer.header("content-type") == "application/json"
    fields = answer.json()
    assert set(fields) == {"code", "message"}
    assert fields["code"] == code
    message: str = fields["message"]
    assert message
    return message
