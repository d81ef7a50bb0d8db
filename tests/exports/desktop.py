"""The desktop's database: its own compiler writes it, and a reader of it finds names, parents and aliases."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

source, home = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
shutil.rmtree(home, ignore_errors=True)
packages = home / "share" / "mime" / "packages"
packages.mkdir(parents=True)
shutil.copy(source, packages / "oci-artifact-types.xml")
shutil.copy("/usr/share/mime/packages/freedesktop.org.xml", packages)
run = subprocess.run(["update-mime-database", packages.parent], check=True, text=True, capture_output=True)
assert "oci-artifact-types" not in run.stderr and "rror" not in run.stderr, run.stderr

os.environ["XDG_DATA_HOME"] = os.environ["XDG_DATA_DIRS"] = str(home / "share")
from xdg import Mime  # noqa: E402  The directories are read when it is loaded.

chart = Mime.lookup("application/vnd.cncf.helm.chart.content.v1.tar+gzip")
assert chart.get_comment() == "Helm chart, content", chart.get_comment()
assert Mime.lookup("application/x-compressed-tar") in chart.inherits_from(), chart.inherits_from()
former = Mime.lookup("application/vnd.cncf.helm.chart.content.layer.v1+tar")
assert former.canonical() == chart, former.canonical()
config = Mime.lookup("application/vnd.cncf.helm.config.v1+json")
assert Mime.lookup("application/json") in config.inherits_from()
icons = (packages.parent / "generic-icons").read_text()
assert "application/vnd.cncf.helm.chart.content.v1.tar+gzip:package-x-generic\n" in icons
print("a name, a parent, an alias and an icon found")
