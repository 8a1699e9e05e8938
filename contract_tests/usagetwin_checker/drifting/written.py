"""How values of a document are written in words of a report: as JSON, cut where they are long."""

import json
from typing import Any, Final

LONGEST: Final = 100


def shown(value: Any) -> str:  # noqa: ANN401 -- JSON
    """Write a value as JSON, or the beginning of it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
