"""The examples of the catalog, each with the id that it must get."""

import json
from pathlib import Path

import yaml


def examples(types):
    """Pairs of the id that a manifest without context must get, and its path."""
    found = []
    for entry_path in sorted(Path(types).glob("*/type.yaml")):
        entry = yaml.safe_load(entry_path.read_text())
        for example in entry.get("examples", []):
            expect = example.get("expect", {"type": entry["id"], "certainty": "exact"})
            if "context" in example or expect.get("certainty") != "exact":
                continue
            found.append((expect["type"], entry_path.parent / "examples" / example["file"]))
    assert len(found) > 300, f"only {len(found)} examples"
    return found


def read(path):
    return json.loads(Path(path).read_text())
