"""Writes the OpenAPI document of the API: `python -m tools.openapi FILE`. A test compares it with the committed one."""

import json
import sys
from pathlib import Path

from datacenter_docs.entrypoints.api.app import create_app


def document() -> str:
    """The document as JSON text, keys in a stable order."""
    return (
        json.dumps(create_app(None).openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
