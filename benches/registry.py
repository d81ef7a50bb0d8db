"""Debian's registry on loopback with 500 tags in 25 repositories, for as long as it is measured. Standard library only."""
import contextlib
import hashlib
import http.client
import json
import pathlib
import re
import shutil
import socket
import subprocess
import time

REPOSITORIES, TAGS = 25, 20
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
# What the artifacts are: their config and layer.
KINDS = [
    ("application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip"),
    ("application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip"),
    ("application/vnd.wasm.config.v0+json", "application/wasm"),
    ("application/vnd.cncf.model.config.v1+json", "application/vnd.cncf.model.weight.v1.raw"),
]


@contextlib.contextmanager
def served(folder):
    """The registry, filled; its host and port."""
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{one.getsockname()[1]}"
    config = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
        "http": {"addr": host},
    }
    (folder / "config.yml").write_text(json.dumps(config))
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(["docker-registry", "serve", str(folder / "config.yml")], stdout=log, stderr=log)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(host.split(":"), timeout=1).close()
                break
            time.sleep(0.1)
        fill(host)
        yield host
    finally:
        server.terminate()
        server.wait()


def fill(host):
    connection = http.client.HTTPConnection(host)

    def ask(method, path, body=b"", **headers):
        connection.request(method, path, body, {"Content-Length": str(len(body)), **headers})
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 400:
            raise OSError(f"{method} {path}: {answer.status}")
        return answer

    def blob(repository, content):
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        to = ask("POST", f"/v2/{repository}/blobs/uploads/").getheader("Location")
        to = re.sub(r"^https?://[^/]*", "", to)
        ask("PUT", f"{to}{'&' if '?' in to else '?'}digest={digest}", content)
        return {"digest": digest, "size": len(content)}

    for number in range(REPOSITORIES):
        repository = f"bench/repository-{number:02}"
        config, layer = blob(repository, b"{}"), blob(repository, f"content {number}".encode())
        for tag in range(TAGS):
            config_type, layer_type = KINDS[(number + tag) % len(KINDS)]
            document = {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"mediaType": config_type, **config},
                "layers": [{"mediaType": layer_type, **layer}],
                "annotations": {"org.opencontainers.image.version": f"1.{tag}"},
            }
            ask("PUT", f"/v2/{repository}/manifests/1.{tag}", json.dumps(document).encode(), **{"Content-Type": MANIFEST})


def load(host, seconds=3):
    """What a load generator reaches with one manifest, by 4 connections: requests a second, or None without it."""
    if not shutil.which("wrk"):
        return None
    url = f"http://{host}/v2/bench/repository-00/manifests/1.0"
    command = ["wrk", "-t2", "-c4", f"-d{seconds}s", "-H", f"Accept: {MANIFEST}", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests/sec:\s*([0-9.]+)", text)[1])
