#!/usr/bin/env python3
"""Make the source tree of a Hugo site with the content of a catalog.

  gen_site.py --built DIR --types DIR --out DIR

`--built` is what `oat build` wrote: its JSON interface holds the entries, so that a YAML parser is not needed here;
`--types` is the catalog, for the examples. The site has pages like ours: the list of all types in a table, the list by
name, a page for each type with commands, structure, an example, rules, media types, sources and changes, and as
taxonomies the media types, roles and publishers, each with a list and a page for each term; besides an index for
searching, and the mapping from media types to types.

Not in it is what only our own site has: the pages of rules, exports and guides, the JSON of each type, badges, example
files, conformance vectors, digests, and the pictures as PNG. Same arguments, same bytes.
"""
import argparse
import json
import pathlib
import shutil

CONFIG = """\
baseURL = "https://types.example/"
title = "OCI artifact types"
disableKinds = ["RSS", "sitemap", "404", "section"]
[taxonomies]
media-type = "media-types"
role = "roles"
publisher = "publishers"
[outputs]
home = ["HTML", "Search", "Mapping"]
page = ["HTML"]
taxonomy = ["HTML"]
term = ["HTML"]
[outputFormats.Search]
mediaType = "application/json"
baseName = "search"
isPlainText = true
[outputFormats.Mapping]
mediaType = "application/json"
baseName = "mapping"
isPlainText = true
"""

BASE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} | OCI artifact types</title>
<meta name="description" content="{{ .Description }}">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/static/style.css">
<link rel="icon" type="image/svg+xml" href="/static/favicon.svg">
<script src="/static/theme.js"></script>
<script src="/static/copy.js" defer></script>
<script src="/static/search-box.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="site-header">
<div class="bar">
<a class="home" href="/"><img src="/static/favicon.svg" alt="" width="28" height="28"><span>OCI artifact types</span></a>
<nav aria-label="Site">
<ul>
<li><a href="/">Types</a></li>
<li><a href="/media-types/">Media types</a></li>
<li><a href="/roles/">Roles</a></li>
<li><a href="/publishers/">Publishers</a></li>
<li><a href="/mapping.json">Mapping</a></li>
<li><a href="/names/">Names</a></li>
</ul>
</nav>
<div class="search-box" data-search></div>
</div>
</header>
<main id="main" tabindex="-1">
{{ block "main" . }}{{ end }}
</main>
<footer class="site-footer">
<div class="bar">
<p>A clearing house for the types of artifacts in OCI registries. Entries are files that anyone may propose.</p>
<p>Names and marks belong to their owners. A listing is no endorsement by them, or of them.</p>
<ul>
<li><a href="/names/">Types from A to Z</a></li>
<li><a href="/search.json">Search</a></li>
<li><a href="/mapping.json">Downloads and JSON</a></li>
</ul>
</div>
</footer>
</body>
</html>
"""

SINGLE = """\
{{ define "main" }}{{ with .Params.entry }}
<article class="entry">
<header class="page-head with-icon">
<img src="/{{ .icon }}" alt="" width="56" height="56">
<div>
<h1><bdi>{{ .title }}</bdi></h1>
<p class="lead" dir="auto">{{ .summary }}</p>
<p class="badges"><span class="badge badge-{{ .status.state }}">{{ .status.state }}</span> <span class="badge">{{ .tier }}</span>{{ range .roles }} <a class="badge" href="/roles/{{ . }}/">{{ . }}</a>{{ end }}</p>
</div>
</header>
<aside aria-label="At a glance">
<dl class="glance">
<div><dt>Id</dt><dd><code>{{ .id }}</code></dd></div>
<div><dt>Label</dt><dd><bdi>{{ .label }}</bdi></dd></div>
<div><dt>Publisher</dt><dd><a href="{{ .publisher.url }}"><bdi>{{ .publisher.name }}</bdi></a></dd></div>
<div><dt>Links</dt><dd><ul>{{ range $name, $url := .links }}<li><a href="{{ $url }}">{{ $name }}</a></li>{{ end }}</ul></dd></div>
</dl>
<nav class="contents" aria-label="On this page">
<ul>
<li><a href="#about">About</a></li>
<li><a href="#actions">Commands</a></li>
<li><a href="#tools">Tools</a></li>
<li><a href="#structure">What it looks like</a></li>
<li><a href="#recognition">How it is recognised</a></li>
<li><a href="#media-types">Media types</a></li>
<li><a href="#standing">Standing</a></li>
<li><a href="#sources">Sources</a></li>
<li><a href="#changes">Changes</a></li>
</ul>
</nav>
</aside>
<section>
<h2 id="about">About</h2>
<div class="prose" dir="auto">
{{ $.Content }}
</div>
</section>
<section>
<h2 id="actions">Commands</h2>
{{ range $at, $action := .actions }}<div class="command" id="action-{{ add $at 1 }}">
<h3><bdi>{{ .title }}</bdi> <span class="quiet">with <bdi>{{ .tool }}</bdi></span></h3>
<pre tabindex="0" data-copy><code>{{ delimit .argv " " }}</code></pre>
</div>
{{ end }}</section>
<section>
<h2 id="tools">Tools</h2>
<ul>
{{ range .tools }}<li><a href="{{ .home }}"><bdi>{{ .title }}</bdi></a>{{ with .install }} <a href="{{ . }}">How to install it</a>{{ end }}</li>
{{ end }}</ul>
</section>
<section>
<h2 id="structure">What it looks like</h2>
{{ with $.Params.example }}<figure class="anatomy" data-copy>
<figcaption><span dir="auto">{{ .title }}</span></figcaption>
<pre tabindex="0"><code>{{ .text }}</code></pre>
</figure>
{{ end }}<h3 id="parts">Every part</h3>
<div class="scroll" role="region" aria-labelledby="parts" tabindex="0">
<table>
<thead><tr><th scope="col">Part</th><th scope="col">Media type</th><th scope="col">How many</th><th scope="col">What it holds</th></tr></thead>
<tbody>
{{ with .structure }}{{ with .artifactType }}<tr><th scope="row"><code>artifactType</code></th><td><ul class="plain">{{ range .mediaTypes }}<li><code>{{ . }}</code></li>{{ end }}</ul></td><td>{{ .presence }}</td><td></td></tr>
{{ end }}{{ with .config }}<tr><th scope="row"><code>config</code></th><td><ul class="plain">{{ range .mediaTypes }}<li><code>{{ . }}</code></li>{{ end }}</ul></td><td>exactly 1</td><td dir="auto">{{ .description }}</td></tr>
{{ end }}{{ range .layers }}<tr><th scope="row"><code>layers</code><br><span class="quiet">{{ .role }}</span></th><td><ul class="plain">{{ range .mediaTypes }}<li><code>{{ . }}</code></li>{{ end }}</ul></td><td>{{ .min }} to {{ .max }}</td><td dir="auto">{{ .description }}</td></tr>
{{ end }}{{ range .annotations }}<tr><th scope="row"><code>{{ .key }}</code></th><td></td><td>{{ .presence }}</td><td dir="auto">{{ .description }}</td></tr>
{{ end }}<tr><th scope="row"><code>subject</code></th><td></td><td>{{ .subject }}</td><td>The manifest that this one is attached to.</td></tr>
{{ end }}</tbody>
</table>
</div>
</section>
<section>
<h2 id="recognition">How it is recognised</h2>
{{ with .identify }}{{ range $at, $rule := .rules }}<div class="rule" id="rule-{{ add $at 1 }}">
<h3>Rule <code>{{ add $at 1 }}</code></h3>
{{ with .note }}<p class="quiet">{{ . }}</p>{{ end }}
<details><summary>As data</summary><pre tabindex="0"><code>{{ .when | jsonify (dict "indent" "  ") }}</code></pre></details>
</div>
{{ end }}{{ end }}</section>
<section>
<h2 id="media-types">Media types</h2>
<table>
<thead><tr><th scope="col">Media type</th><th scope="col">Place</th></tr></thead>
<tbody>
{{ range $.Params.uses }}<tr><th scope="row"><a class="media-type" href="/media-types/{{ .term }}/"><code>{{ .name }}</code></a></th><td class="wide">{{ .place }}</td></tr>
{{ end }}</tbody>
</table>
</section>
<section>
<h2 id="standing">Standing</h2>
<dl class="facts">
<div><dt>Status</dt><dd><strong>{{ .status.state }}</strong></dd></div>
<div><dt>Tier</dt><dd><strong>{{ .tier }}</strong></dd></div>
<div><dt>Something is wrong?</dt><dd>The entry is the file <code>types/{{ .id }}/type.yaml</code></dd></div>
</dl>
</section>
<section>
<h2 id="sources">Sources</h2>
<ol class="sources">
{{ range .sources }}<li><span dir="auto">{{ .fact }}</span><br><a href="{{ or .repository .specification }}"><bdi>{{ or .repository .specification }}{{ with .path }}: {{ . }}{{ end }}</bdi></a> {{ with .revision }}<span class="quiet">at {{ . }}</span>{{ end }}<ul class="plain quiet">{{ range .mediaTypes }}<li><code>{{ . }}</code></li>{{ end }}</ul></li>
{{ end }}</ol>
</section>
<section>
<h2 id="changes">Changes</h2>
<ul class="changes">
{{ range .changes }}<li><time datetime="{{ .date }}">{{ .date }}</time> <span dir="auto">{{ .change }}</span></li>
{{ end }}</ul>
</section>
</article>
{{ end }}{{ end }}
"""

HOME = """\
{{ define "main" }}
<h1>OCI artifact types</h1>
<table>
<thead><tr><th scope="col">Reference</th><th scope="col">Type</th><th scope="col">Media type</th><th scope="col">Roles</th></tr></thead>
<tbody>
{{ range .Site.RegularPages.ByTitle }}{{ with .Params.entry }}<tr data-status="{{ .status.state }}" data-tier="{{ .tier }}" data-publisher="{{ .publisher.name }}"><td><code>registry.example.com/{{ .id }}:1.0</code></td><th scope="row"><a class="entry-link" href="/types/{{ .id }}/"><img src="/{{ .icon }}" alt="" width="20" height="20"><bdi>{{ .title }}</bdi></a><p>{{ .summary }}</p></th><td>{{ range first 1 .mediaTypes }}<code>{{ . }}</code>{{ end }}</td><td>{{ range .roles }}<a href="/roles/{{ . }}/">{{ . }}</a> {{ end }}</td></tr>
{{ end }}{{ end }}</tbody>
</table>
{{ end }}
"""

NAMES = """\
{{ define "main" }}
<h1>Types from A to Z</h1>
<ul class="types">
{{ range .Site.RegularPages.ByTitle }}{{ with .Params.entry }}<li><a class="entry-link" href="/types/{{ .id }}/"><img src="/{{ .icon }}" alt="" width="20" height="20"><bdi>{{ .title }}</bdi></a> {{ .summary }}</li>
{{ end }}{{ end }}</ul>
{{ end }}
"""

TAXONOMY = """\
{{ define "main" }}
<h1>{{ .Title }}</h1>
<table>
<tbody>
{{ range .Data.Terms.Alphabetical }}<tr><th scope="row"><a href="{{ .Page.RelPermalink }}"><code>{{ .Page.Title }}</code></a></th><td>{{ .Count }}</td></tr>
{{ end }}</tbody>
</table>
{{ end }}
"""

TERM = """\
{{ define "main" }}
<nav class="crumbs" aria-label="Above this page"><a href="{{ .Parent.RelPermalink }}">{{ .Parent.Title }}</a></nav>
<header class="page-head">
<h1 class="long"><code>{{ .Title }}</code></h1>
</header>
<section>
<h2 id="uses">Used by</h2>
<div class="scroll" role="region" aria-labelledby="uses" tabindex="0">
<table>
<thead><tr><th scope="col">Type</th><th scope="col">Standing</th></tr></thead>
<tbody>
{{ range .Pages.ByTitle }}{{ with .Params.entry }}<tr><th scope="row"><a class="entry-link" href="/types/{{ .id }}/"><img src="/{{ .icon }}" alt="" width="20" height="20"><bdi>{{ .title }}</bdi></a></th><td><span class="badge badge-{{ .status.state }}">{{ .status.state }}</span></td></tr>
{{ end }}{{ end }}</tbody>
</table>
</div>
</section>
{{ end }}
"""

SEARCH = """\
[{{ range $at, $page := .Site.RegularPages }}{{ with .Params.entry }}{{ if $at }},{{ end }}{{ slice .id .title .label .summary .publisher.name .roles .mediaTypes | jsonify }}{{ end }}{{ end }}]
"""

MAPPING = """\
[{{ range $at, $page := .Site.RegularPages }}{{ with .Params.entry }}{{ if $at }},
{{ end }}{{ . | jsonify (dict "indent" "  ") }}{{ end }}{{ end }}]
"""


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def term(media_type):
    """A media type as the name of a term: Hugo takes a slash for a folder."""
    return media_type.replace("/", "_")


def write(built, types, out):
    """Writes the tree; returns the number of types."""
    built, types, out = pathlib.Path(built), pathlib.Path(types), pathlib.Path(out)
    put(out / "hugo.toml", CONFIG)
    layouts = out / "layouts"
    put(layouts / "baseof.html", BASE)
    put(layouts / "page.html", SINGLE)
    put(layouts / "taxonomy.html", TAXONOMY)
    put(layouts / "term.html", TERM)
    put(layouts / "names/page.html", NAMES)
    put(layouts / "home.html", HOME)
    put(layouts / "home.search.json", SEARCH)
    put(layouts / "home.mapping.json", MAPPING)
    put(out / "content/names.md", json.dumps({"title": "Types from A to Z", "type": "names"}) + "\n")
    for folder in ["static", "icons"]:
        for path in (built / folder).rglob("*"):
            if path.is_file() and path.suffix != ".png":
                target = out / "static" / folder / path.relative_to(built / folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    uses = {}
    for media_type in json.loads((built / "api/media-types.json").read_text(encoding="utf-8"))["mediaTypes"]:
        for use in media_type["uses"]:
            name = media_type["mediaType"]
            uses.setdefault(use["type"], []).append({"name": name, "term": term(name), "place": use["place"]})
    listed = json.loads((built / "api/types.json").read_text(encoding="utf-8"))["types"]
    for item in listed:
        entry = json.loads((built / item["entry"]).read_text(encoding="utf-8"))
        used = uses.get(entry["id"], [])
        entry |= {"icon": item["icon"], "mediaTypes": sorted({use["name"] for use in used})}
        front = {
            "title": entry["title"],
            "description": entry["summary"],
            "media-types": sorted({use["term"] for use in used}),
            "roles": entry["roles"],
            "publishers": [entry["publisher"]["name"]],
            "uses": used,
            "entry": {key: value for key, value in entry.items() if key != "description"},
        }
        for example in entry.get("examples", [])[:1]:
            text = (types / entry["id"] / "examples" / example["file"]).read_text(encoding="utf-8")
            front["example"] = {"title": example["title"], "text": text}
        put(out / "content/types" / f"{entry['id']}.md", f"{json.dumps(front)}\n\n{entry['description']}\n")
    return len(listed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--built", required=True)
    parser.add_argument("--types", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    print(f"{write(args.built, args.types, args.out)} types")


if __name__ == "__main__":
    main()
