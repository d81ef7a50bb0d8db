"""A crawl with Python's own HTTP client: the tags of every repository, then each manifest, by 4 connections."""
import concurrent.futures
import http.client
import json
import sys
import threading

host = sys.argv[1]
local = threading.local()
ACCEPT = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json"


def get(path):
    if not hasattr(local, "connection"):
        local.connection = http.client.HTTPConnection(host)
    local.connection.request("GET", path, headers={"Accept": ACCEPT})
    return json.loads(local.connection.getresponse().read())


def kind(place):
    repository, tag = place
    manifest = get(f"/v2/{repository}/manifests/{tag}")
    return f"{repository}:{tag} {manifest['config']['mediaType']}"


with concurrent.futures.ThreadPoolExecutor(4) as pool:
    names = get("/v2/_catalog?n=1000")["repositories"]
    tags = pool.map(lambda name: [(name, tag) for tag in get(f"/v2/{name}/tags/list")["tags"]], names)
    for line in pool.map(kind, [place for places in tags for place in places]):
        print(line)
