"""Writes the shell of every step of the workflows and actions into files of a folder, which is made anew."""

import pathlib
import re
import shutil
import sys

from ruamel.yaml import YAML

folder = pathlib.Path(sys.argv[1])
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
count = 0
for path in sorted(pathlib.Path(".github").glob("workflows/*.yml")) + sorted(pathlib.Path(".github").glob("actions/*/action.yml")):
    document = YAML(typ="safe").load(path)
    jobs = document.get("jobs", {"action": document.get("runs", {})})
    for job, content in jobs.items():
        for number, step in enumerate(content.get("steps", []), 1):
            if "run" not in step or step.get("shell", "bash") != "bash":
                continue
            # An expression is put in before the shell sees the text.
            text = re.sub(r"\$\{\{.*?\}\}", "expression", step["run"])
            name = f"{path.parent.name}-{path.stem}-{job}-{number}.sh"
            (folder / name).write_text("#!/usr/bin/env bash\nset -eo pipefail\n" + text)
            count += 1
assert count > 10, f"only {count} steps were found"
