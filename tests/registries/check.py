"""Real registries on loopback: every answer right, whoever asks, however the registry pages and whatever it lacks."""

import base64
import contextlib
import csv
import datetime
import http.server
import io
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

import oras.client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

import stored
from stored import INDEX, MANIFEST, Registry, adapt, digest, image

OAT, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
USER, PASSWORD = "someone", "correct-horse-battery"
checks = 0


def check(truth, *about):
    global checks
    checks += 1
    if not truth:
        sys.exit("failed: " + " ".join(str(one) for one in about))


def oat(*arguments, code=0, **environment):
    """Runs the program with nothing of this machine's in its environment."""
    home = WORK / "home"
    home.mkdir(exist_ok=True)
    own = {"HOME": str(home), "PATH": os.environ["PATH"], **environment}
    run = subprocess.run([OAT, *arguments], env=own, capture_output=True, text=True, timeout=120)
    check(run.returncode == code, arguments, run.returncode, run.stdout[-2000:], run.stderr[-2000:])
    check(PASSWORD not in run.stdout + run.stderr, arguments, "shows the password")
    return run


def listing(*arguments, code=0, **environment):
    """A listing as JSON; all artifacts and what belongs to them, by reference."""
    run = oat("list", "--plain-http", "--format", "json", *arguments, code=code, **environment)
    return {one["reference"]: one for one in json.loads(run.stdout)["artifacts"]}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def served(command, host, log, **environment):
    """A server for as long as it is needed; what it writes goes to a log."""
    with open(log, "w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env={**os.environ, **environment})
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(host.split(":"), timeout=1).close()
                break
            time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} does not answer: {pathlib.Path(log).read_text()[-2000:]}")
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def debian(name, auth=None):
    """Debian's registry: no referrers API, tags in no order, pages of repositories."""
    host, folder = f"127.0.0.1:{free_port()}", WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    config = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": False}},
        "storage": {"inmemory": {}},
        "http": {"addr": host},
    }
    config.update({"auth": auth} if auth else {})
    (folder / "config.yml").write_text(json.dumps(config))
    with served(["docker-registry", "serve", str(folder / "config.yml")], host, folder / "log"):
        yield host, folder / "log"


@contextlib.contextmanager
def ferro():
    """A registry with the referrers API and pages of tags."""
    host = f"127.0.0.1:{free_port()}"
    program = str(WORK / "ferro/bin/ferro-oci-server")
    with served([program], host, WORK / "ferro.log", FERRO_OCI_LISTEN=host, RUST_LOG="error"):
        yield host


def answers_are_right(host):
    """Every example of the catalog, stored and listed."""
    registry = Registry(host)
    expected, refused = stored.examples(registry, "types")
    check(len(refused) <= 3, refused)
    found = listing(host, "--with-config", "--with-children", "--no-cache")
    bare = listing(host, "--no-cache", "--no-attached")
    check(found.keys() == bare.keys() == {one.reference for one in expected}, "not every tag is listed")
    for one in expected:
        answer = found[one.reference]
        if one.facet:
            check(one.facet in answer.get("facets", []), one, answer)
        else:
            check((answer["type"], answer["certainty"]) == (one.type, one.certainty), one, answer)
        if not one.context and not one.facet:
            check(bare[one.reference]["type"] == one.type or bare[one.reference]["certainty"] != "exact"
                  or "below" in answer, one, bare[one.reference])
    return len(expected)


def application(registry, fallback):
    """A repository as people have them; the tags of what is attached."""
    app = "team/app"
    parts = [image(registry, app, platform=one) for one in ("amd64", "arm64")]
    for part, architecture in zip(parts, ("amd64", "arm64")):
        part["platform"] = {"os": "linux", "architecture": architecture}
    statement = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json"},
        "layers": [{"mediaType": "application/vnd.in-toto+json",
                    "annotations": {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"}}],
    }
    attestation = registry.manifest(app, None, adapt(registry, app, statement))[0]
    attestation["platform"] = {"os": "unknown", "architecture": "unknown"}
    attestation["annotations"] = {"vnd.docker.reference.type": "attestation-manifest",
                                  "vnd.docker.reference.digest": parts[0]["digest"]}
    index, _ = registry.manifest(app, "1.0", {"schemaVersion": 2, "mediaType": INDEX, "manifests": [*parts, attestation]})
    registry.manifest(app, "latest", {"schemaVersion": 2, "mediaType": INDEX, "manifests": [*parts, attestation]})
    signature = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json"},
        "layers": [{"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json",
                    "annotations": {"dev.cosignproject.cosign/signature": "bWFkZSB1cA=="}}],
    }
    registry.manifest(app, index["digest"].replace(":", "-") + ".sig", adapt(registry, app, signature))
    lost = "sha256-" + "0" * 64 + ".sig"
    registry.manifest(app, lost, adapt(registry, app, signature))
    sbom = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": "application/spdx+json",
        "config": {"mediaType": stored.EMPTY},
        "layers": [{"mediaType": "application/spdx+json"}],
    }
    sbom = {**adapt(registry, app, sbom), "subject": index}
    attached, headers = registry.manifest(app, None, sbom)
    check(("OCI-Subject" in headers) != fallback, "the registry's way with subjects is not the expected one")
    if fallback:
        # What a client does where there is no API.
        listed = {"schemaVersion": 2, "mediaType": INDEX,
                  "manifests": [{**attached, "artifactType": "application/spdx+json"}]}
        registry.manifest(app, index["digest"].replace(":", "-"), listed)
    return index, parts, lost


def attachments_are_found(host, fallback):
    """Platforms, attestations, signatures and SBOMs stand with what they belong to."""
    registry = Registry(host)
    index, parts, lost = application(registry, fallback)
    found = listing(f"{host}/team/app", "--no-cache")
    name = f"{host}/team/app"
    check(set(found) == {f"{name}:1.0", f"{name}:latest", f"{name}:{lost}"}, list(found))
    first = found[f"{name}:1.0"]
    check(first["type"] == "oci-image-index" and first["digest"] == index["digest"], first)
    check(first["platforms"] == ["linux/amd64", "linux/arm64"] and "size" not in first, first)
    wanted = {("buildkit-attestation", "child"), ("cosign-signature", "tag"), ("spdx-sbom", "subject")}
    # Two tags lead to one index: what is attached to it stands with both.
    for tag in ("1.0", "latest"):
        below = {(one["type"], one["relation"]) for one in found[f"{name}:{tag}"]["below"]}
        check(below == wanted, tag, below)
    check(found[f"{name}:{lost}"]["type"] == "cosign-signature", found[f"{name}:{lost}"])
    whole = listing(f"{name}:1.0", "--no-cache", "--with-children")[f"{name}:1.0"]
    check(whole["size"] > 0 and sum(one["relation"] == "child" for one in whole["below"]) == 3, whole)
    alone = listing(f"{name}:1.0", "--no-cache", "--no-attached")[f"{name}:1.0"]
    check("below" not in alone, alone)
    check(listing(name, "--no-cache", "--role", "sbom").keys() <= {f"{name}:1.0", f"{name}:latest"}, "--role")
    check(listing(name, "--no-cache", "--type", "helm-chart") == {}, "--type")
    # The reference gives the parent, which tells a platform's image from an attestation.
    pinned = f"{name}:1.0@{parts[0]['digest']}"
    check(oat("identify", "--plain-http", pinned).stdout.startswith(f"{pinned}: oci-image"), "with tag and digest")
    check(oat("show", "--plain-http", f"oci://{name}:1.0").stdout.startswith("OCI image index"), "show")
    taken = json.loads(oat("portability", "--plain-http", "--format", "json", f"{name}:1.0").stdout)
    check("oci-image-index" in json.dumps(taken), "portability")
    rows = list(csv.DictReader(io.StringIO(oat("list", "--plain-http", "--format", "csv", name).stdout)))
    check({row["relation"] for row in rows} == {"", "child", "subject", "tag"}, rows)
    page = oat("list", "--plain-http", "--format", "html", name).stdout
    check("<script" not in page and "src=" not in page and page.count("<tr id=") == len(rows), "the page")
    human = oat("list", "--plain-http", "--actions", name)
    check("cosign sig" in human.stdout and "docker pull" in human.stdout, human.stdout)


def skopeo(*arguments):
    subprocess.run(["skopeo", *arguments], check=True, capture_output=True, timeout=120)


def other_clients(host):
    """What skopeo and python-oras store is known, and what `oat publish` stores they get back."""
    catalog = f"{host}/catalogs/types:2026"
    published = oat("publish", "--plain-http", catalog)
    check(published.stdout == oat("publish", "--plain-http", catalog).stdout, "twice the same digest")
    reference = published.stdout.strip()
    pin = re.search(r"to pin in a selection: (sha256:[0-9a-f]{64})", published.stderr)[1]
    check(oat("lint", "--plain-http", catalog).stderr.startswith("no findings"), "its manifest is clean")
    check(oat("identify", "--plain-http", catalog).stdout.strip().endswith(": artifact-type-catalog"), "its type")
    for name in ("oat", "oras", "skopeo", "layout"):
        shutil.rmtree(WORK / name, ignore_errors=True)
    check(oat("pull", "--plain-http", reference, "--out", str(WORK / "oat")).stdout == published.stdout, "pull")
    mapping = (WORK / "oat/mediaTypeMappings.json").read_bytes()
    check(mapping == subprocess.run([OAT, "mapping"], capture_output=True, check=True).stdout, "the mapping")
    check(json.loads(mapping)["digest"] == pin, "the pin")
    oras.client.OrasClient(insecure=True).pull(target=catalog, outdir=str(WORK / "oras"))
    for file in (WORK / "oat").iterdir():
        check((WORK / "oras" / file.name).read_bytes() == file.read_bytes(), file.name, "by python-oras")
    skopeo("copy", "--src-tls-verify=false", f"docker://{catalog}", f"oci:{WORK}/layout:2026")
    blobs = {digest(path.read_bytes()) for path in (WORK / "layout/blobs/sha256").iterdir()}
    check(reference.split("@")[1] in blobs, "the manifest by skopeo")
    check({digest(path.read_bytes()) for path in (WORK / "oat").iterdir()} <= blobs, "the layers by skopeo")
    # What others store.
    file = WORK / "note.txt"
    file.write_text("a note\n")
    oras.client.OrasClient(insecure=True).push(
        target=f"{host}/others/oras:1", files=[f"{file}:text/plain"], disable_path_validation=True
    )
    skopeo("copy", "--dest-tls-verify=false", f"oci:{WORK}/layout:2026", f"docker://{host}/others/skopeo:1")
    found = listing(f"{host}/others/skopeo", f"{host}/others/oras", "--no-cache")
    check(found[f"{host}/others/skopeo:1"]["type"] == "artifact-type-catalog", found)
    check(found[f"{host}/others/oras:1"]["certainty"] in ("exact", "family", "unknown"), found)


def second_crawl_is_cheap(host, log):
    """One request a tag, and one for the tags of each repository and for their list."""
    cache = ["--cache", str(WORK / "cache"), "--no-attached"]
    shutil.rmtree(WORK / "cache", ignore_errors=True)
    first = listing(host, *cache)
    before = requests(log)
    check(listing(host, *cache) == first, "the second listing is another one")
    after = requests(log)
    repositories = {one.rsplit(":", 1)[0] for one in first}
    asked = after - before
    check(len(first) <= asked <= len(first) + len(repositories) + 2, asked, len(first), len(repositories))
    check("GET" not in "".join(methods(log, "/manifests/")[-len(first):]), "manifests are not read again")


def interruption_is_not_in_vain(host, log):
    """What was read of a large repository before the end came is not read again."""
    registry = Registry(host)
    document = adapt(registry, "large", {"schemaVersion": 2, "mediaType": MANIFEST,
                                         "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}, "layers": []})
    for number in range(1500):
        registry.manifest("large", f"t{number}", {**document, "annotations": {"number": str(number)}})
    shutil.rmtree(WORK / "cache", ignore_errors=True)
    more = ["--plain-http", "--no-attached", "--connections", "1", "--cache", str(WORK / "cache"), f"{host}/large"]
    before = len(methods(log, "/manifests/"))
    process = subprocess.Popen([OAT, "list", *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(methods(log, "/manifests/")) - before < 400:
        check(process.poll() is None, "the listing ended before it was interrupted")
    process.kill()
    process.wait()
    time.sleep(0.3)
    before = len(methods(log, "/manifests/"))
    oat("list", *more)
    asked = methods(log, "/manifests/")[before:]
    check(asked.count("HEAD") >= 256 and len(asked) == 1500, asked.count("HEAD"), len(asked))


def requests(log):
    time.sleep(0.3)
    return len(re.findall(r'"(?:GET|HEAD|PUT|POST) /v2/', log.read_text()))


def methods(log, part):
    return re.findall(rf'"(GET|HEAD|PUT|POST) /v2/[^"]*{part}', log.read_text())


def pages_are_read(host):
    """More tags than a page holds."""
    registry = Registry(host)
    image(registry, "many")
    document = adapt(registry, "many", {"schemaVersion": 2, "mediaType": MANIFEST,
                                        "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}, "layers": []})
    for number in range(2100):
        registry.manifest("many", f"t{number}", document)
    lines = oat("list", "--plain-http", "--format", "ndjson", "--no-cache", "--no-attached", f"{host}/many").stdout
    found = [json.loads(line) for line in lines.splitlines()]
    check(len(found) == 2100 and {one["type"] for one in found} == {"helm-chart"}, len(found))
    names = [one["reference"] for one in found]
    check(names == sorted(names), "the order")


def by_password(folder):
    """Only who is known gets in, by the file that another client wrote."""
    hashed = subprocess.run(["htpasswd", "-Bbn", USER, PASSWORD], capture_output=True, text=True, check=True).stdout
    (folder / "htpasswd").write_text(hashed)
    auth = {"htpasswd": {"realm": "test", "path": str(folder / "htpasswd")}}
    with debian("password", auth) as (host, _):
        registry = Registry(host, (USER, PASSWORD), "basic")
        application(registry, True)
        refused = oat("list", "--plain-http", f"{host}/team/app", code=2)
        check("log in to it with any client" in refused.stderr, refused.stderr)
        file = str(folder / "auth.json")
        skopeo("login", "--tls-verify=false", "--authfile", file, "-u", USER, "-p", PASSWORD, host)
        check(len(listing(host, "--no-cache", REGISTRY_AUTH_FILE=file)) == 3, "with the file of skopeo")
        oat("publish", "--plain-http", f"{host}/catalog:1", REGISTRY_AUTH_FILE=file)
        wrong = {"auths": {host: {"auth": base64.b64encode(f"{USER}:wrong".encode()).decode()}}}
        (folder / "wrong.json").write_text(json.dumps(wrong))
        refused = oat("list", "--plain-http", host, code=2, REGISTRY_AUTH_FILE=str(folder / "wrong.json"))
        check("does not accept the stored credentials" in refused.stderr, refused.stderr)
        # A helper program, as Docker names them.
        programs = folder / "bin"
        programs.mkdir(exist_ok=True)
        helper = programs / "docker-credential-test"
        helper.write_text(f'#!/bin/sh\nread host\n[ "$host" = "{host}" ] || exit 1\n'
                          f'echo \'{{"Username":"{USER}","Secret":"{PASSWORD}"}}\'\n')
        helper.chmod(0o755)
        docker = folder / "docker"
        docker.mkdir(exist_ok=True)
        (docker / "config.json").write_text(json.dumps({"credHelpers": {host: "test"}}))
        path = f"{programs}:{os.environ['PATH']}"
        check(len(listing(f"{host}/team/app", DOCKER_CONFIG=str(docker), PATH=path)) == 3, "with a helper")


def token_server(key, certificate, issuer):
    """A token server as the specification of Distribution describes it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            given = self.headers.get("Authorization")
            self.server.asked.append((self.path, given is not None))
            if given not in (None, wanted):
                self.send_response(401)
                self.end_headers()
                self.wfile.write((given or "").encode())
                return
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
            access = []
            for scope in query.get("scope", []) if given else []:
                kind, rest = scope.split(":", 1)
                name, actions = rest.rsplit(":", 1)
                access.append({"type": kind, "name": name, "actions": actions.split(",")})
            now = int(time.time())
            claims = {"iss": issuer, "sub": USER, "aud": query["service"][0], "exp": now + 300, "nbf": now - 10,
                      "iat": now, "jti": str(now), "access": access}
            encode = lambda value: base64.urlsafe_b64encode(value).rstrip(b"=")
            chain = [base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()]
            head = {"typ": "JWT", "alg": "RS256", "x5c": chain}
            text = encode(json.dumps(head).encode()) + b"." + encode(json.dumps(claims).encode())
            signed = text + b"." + encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256()))
            body = json.dumps({"token": signed.decode()}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def by_token(folder):
    """Tokens of a server beside the registry, which the user has to allow."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "token server of a test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )
    (folder / "token.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    server = token_server(key, certificate, "test")
    address = f"http://127.0.0.1:{server.server_port}"
    auth = {"token": {"realm": f"{address}/token", "service": "test", "issuer": "test",
                      "rootcertbundle": str(folder / "token.pem")}}
    with debian("token", auth) as (host, _):
        stored_auth = {"auths": {host: {"auth": base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}}}
        (folder / "token.json").write_text(json.dumps(stored_auth))
        known = {"REGISTRY_AUTH_FILE": str(folder / "token.json")}
        refused = oat("list", "--plain-http", f"{host}/catalog", code=2, **known)
        check(f"--token-server {host}={address}" in refused.stderr and not server.asked, refused.stderr)
        allowed = ["--token-server", f"{host}={address}"]
        oat("publish", "--plain-http", *allowed, f"{host}/catalog:1", **known)
        found = listing(host, *allowed, "--no-cache", **known)
        check({one["type"] for one in found.values()} == {"artifact-type-catalog"}, found)
        anonymous = oat("list", "--plain-http", *allowed, f"{host}/catalog", code=2)
        check("401" in anonymous.stderr or "log in" in anonymous.stderr or "credentials" in anonymous.stderr, anonymous)
        check(len(server.asked) < 12, server.asked)
    server.shutdown()


def main():
    folder = WORK / "auth"
    folder.mkdir(exist_ok=True)
    with debian("debian") as (host, log):
        attachments_are_found(host, fallback=True)
        other_clients(host)
        second_crawl_is_cheap(host, log)
        interruption_is_not_in_vain(host, log)
    with debian("examples") as (host, _):
        count = answers_are_right(host)
    with ferro() as host:
        attachments_are_found(host, fallback=False)
        other_clients(host)
        pages_are_read(host)
    with ferro() as host:
        count += answers_are_right(host)
    by_password(folder)
    by_token(folder)
    print(f"registries: {checks} checks passed, {count} stored examples among them")


main()
