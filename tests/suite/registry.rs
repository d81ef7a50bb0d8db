//! Registries that lie: each lie ends in a clear error, soon, with little read, nothing leaked and nothing half written.

use std::time::{Duration, Instant};

use oci_artifact_types::oci::hash::sha256;
use serde_json::{Value, json};

use crate::harness::{Run, World};
use crate::liar::{Liar, Reply, Request, head, reply};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CHART: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}"#;
/// A password that no output may hold, and as it stands in a header.
const SECRET: &str = "correct-horse";
const SECRET_HEADER: &str = "Basic dXNlcjpjb3JyZWN0LWhvcnNl";
/// No lie takes longer, however slow the machine is.
const SOON: Duration = Duration::from_secs(30);

/// Runs the program beside a registry, with credentials for it at hand; nothing that it writes holds them.
fn run(world: &World, args: &[&str]) -> Run {
    let started = Instant::now();
    let run = world.run(&[args, &["--plain-http"]].concat());
    assert!(started.elapsed() < SOON, "{args:?} took {:?}", started.elapsed());
    for secret in [SECRET, SECRET_HEADER, "dXNlcjpj", "t0ken"] {
        assert!(!run.out.contains(secret) && !run.err.contains(secret), "{args:?}: {} {}", run.out, run.err);
    }
    assert!(!run.err.contains('\u{1b}') && !run.out.contains('\u{1b}'), "{} {}", run.out, run.err);
    run
}

/// A folder with credentials for registries.
fn world(hosts: &[&str]) -> World {
    let auths: Value = hosts
        .iter()
        .map(|host| ((*host).to_owned(), json!({ "auth": SECRET_HEADER.trim_start_matches("Basic ") })))
        .collect::<serde_json::Map<_, _>>()
        .into();
    World::new().file(".docker/config.json", json!({ "auths": auths }).to_string())
}

/// What `identify` says of a tag of a registry that lies.
fn identified(liar: &Liar, more: &[&str]) -> Run {
    let reference = format!("{}/app:1", liar.host);
    run(&world(&[&liar.host]), &[&["identify", &reference], more].concat())
}

/// Asserts that a run ended with one error that says something, and where.
fn fails(run: &Run, liar: &Liar, says: &str) {
    assert_eq!(run.code, 2, "{} {}", run.out, run.err);
    assert!(run.err.contains(says), "{says} in {}", run.err);
    assert!(run.err.contains(&liar.host), "{}", run.err);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
}

fn manifest(request: &Request, headers: &[(&str, &str)], body: &str) -> Reply {
    if request.line.contains("/manifests/") {
        reply(200, &[&[("Content-Type", MANIFEST)], headers].concat(), body)
    } else {
        reply(404, &[], "")
    }
}

#[test]
fn an_honest_registry_is_believed() {
    let liar =
        Liar::new(|request, _| manifest(request, &[("Docker-Content-Digest", &sha256(CHART.as_bytes()))], CHART));
    let run = identified(&liar, &[]);
    assert_eq!((run.code, run.out.trim_end()), (0, &*format!("{}/app:1: helm-chart", liar.host)), "{}", run.err);
    let asked = liar.requests();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("authorization"), None, "nothing secret is sent before it is asked for");
    assert_eq!(asked[0].header("accept-encoding"), Some("identity"));
    assert!(asked[0].header("user-agent").unwrap().starts_with("oat/"), "{asked:?}");
}

#[test]
fn content_has_its_digest() {
    let zeros = format!("sha256:{}", "0".repeat(64));
    let told = zeros.clone();
    let liar = Liar::new(move |request, _| manifest(request, &[("Docker-Content-Digest", &told)], CHART));
    fails(&identified(&liar, &[]), &liar, "the content has the digest sha256:");
    let reference = format!("{}/app@{zeros}", liar.host);
    fails(&run(&world(&[]), &["identify", &reference]), &liar, "the content has the digest sha256:");
    // A right announcement does not help content that was asked for by another digest.
    let liar =
        Liar::new(|request, _| manifest(request, &[("Docker-Content-Digest", &sha256(CHART.as_bytes()))], CHART));
    let reference = format!("{}/app@{zeros}", liar.host);
    fails(&run(&world(&[]), &["identify", &reference]), &liar, "the content has the digest sha256:");
}

#[test]
fn a_manifest_is_served_as_one() {
    for (content_type, says) in [
        (None, "without a content type"),
        (Some("text/html"), "as text/html, which no manifest is"),
        (Some("application/vnd.oci.image.index.v1+json"), "but it says something else"),
    ] {
        let liar = Liar::new(move |_, _| {
            let headers: Vec<(&str, &str)> = content_type.map(|one| ("Content-Type", one)).into_iter().collect();
            reply(200, &headers, CHART)
        });
        fails(&identified(&liar, &[]), &liar, says);
    }
}

#[test]
fn what_is_too_much_is_not_read() {
    let flood = vec![b' '; 1 << 16];
    let chunk: Vec<u8> = [b"10000\r\n".to_vec(), flood.clone(), b"\r\n".to_vec()].concat();
    let announced =
        Liar::new(|_, _| Reply::Bytes(head(200, &[("Content-Type", MANIFEST), ("Content-Length", "99999999999")])));
    fails(&identified(&announced, &[]), &announced, "the answer has more than 8388608 bytes");
    let endless = Liar::new(move |_, _| {
        let headers = [("Content-Type", MANIFEST), ("Transfer-Encoding", "chunked")];
        Reply::Endless(head(200, &headers), chunk.clone())
    });
    fails(&identified(&endless, &[]), &endless, "the answer has more than 8388608 bytes");
    assert!(endless.sent() < 32 << 20, "{} bytes were taken", endless.sent());
    let header =
        Liar::new(|_, _| Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-Y: zzzzzzzzzzzzzzzz\r\n".repeat(100)));
    fails(&identified(&header, &[]), &header, ": ");
    assert!(header.sent() < 16 << 20, "{} bytes were taken", header.sent());
    let errors = Liar::new(move |_, _| Reply::Endless(head(404, &[]), flood.clone()));
    fails(&identified(&errors, &[]), &errors, "the answer has more than 65536 bytes");
}

#[test]
fn what_is_too_slow_is_not_waited_for() {
    let slow = Liar::new(|_, _| Reply::Drip(head(200, &[("Content-Type", MANIFEST), ("Content-Length", "5000")])));
    let started = Instant::now();
    fails(&identified(&slow, &["--timeout", "2"]), &slow, "no answer in time");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn what_is_cut_off_is_an_error() {
    let cut = Liar::new(|_, _| {
        Reply::Bytes([head(200, &[("Content-Type", MANIFEST), ("Content-Length", "5000")]), b"{".to_vec()].concat())
    });
    fails(&identified(&cut, &[]), &cut, ": ");
    let nothing = Liar::new(|_, _| Reply::Bytes(Vec::new()));
    fails(&identified(&nothing, &[]), &nothing, ": ");
    let no_http = Liar::new(|_, _| Reply::Bytes(b"220 smtp.example.com ESMTP\r\n\r\n".to_vec()));
    fails(&identified(&no_http, &[]), &no_http, ": ");
}

#[test]
fn a_manifest_is_not_followed_elsewhere() {
    let other = Liar::new(|_, _| reply(200, &[("Content-Type", MANIFEST)], CHART));
    let to = format!("http://{}/v2/app/manifests/1", other.host);
    let liar = Liar::new(move |_, _| reply(307, &[("Location", &to)], ""));
    fails(&identified(&liar, &[]), &liar, "leads elsewhere");
    assert!(other.requests().is_empty());
}

#[test]
fn blobs_are_not_followed_to_this_machine_or_without_encryption() {
    for to in ["http", "https"] {
        let other = Liar::new(|_, _| reply(200, &[], "{}"));
        let location = format!("{to}://{}/blob", other.host);
        let liar = Liar::new(move |request, _| {
            if request.line.contains("/blobs/") {
                reply(307, &[("Location", &location)], "")
            } else {
                manifest(request, &[], CHART)
            }
        });
        fails(&identified(&liar, &["--with-config"]), &liar, "an address that is not public");
        assert!(other.requests().is_empty());
    }
    let circle = Liar::new(|request, _| {
        if request.line.contains("/blobs/") {
            reply(307, &[("Location", "/v2/app/blobs/again")], "")
        } else {
            manifest(request, &[], CHART)
        }
    });
    fails(&identified(&circle, &["--with-config"]), &circle, "leads elsewhere");
    assert!(circle.requests().len() < 12, "{:?}", circle.requests());
}

#[test]
fn credentials_are_sent_to_no_foreign_token_server() {
    let other = Liar::new(|_, _| reply(200, &[], r#"{"token":"t0ken"}"#));
    let foreign = [
        format!("http://{}/token", other.host),
        format!("https://{}/token", other.host),
        "https://169.254.169.254/token".to_owned(),
        "https://[::ffff:127.0.0.1]/token".to_owned(),
        "https://localhost/token".to_owned(),
        "http://0.0.0.0/token".to_owned(),
        "https://user:pw@example.com/token".to_owned(),
        "file:///etc/passwd".to_owned(),
        "token".to_owned(),
    ];
    for realm in foreign {
        let challenge = format!("Bearer realm=\"{realm}\",service=\"x\"");
        let liar = Liar::new(move |_, _| reply(401, &[("WWW-Authenticate", &challenge)], ""));
        fails(&identified(&liar, &[]), &liar, "the token server of");
        assert!(liar.requests().iter().all(|request| request.header("authorization").is_none()));
    }
    assert!(other.requests().is_empty());
}

/// A registry that gives tokens itself, or by another server, and takes nothing but them.
fn with_tokens(realm: Option<String>) -> Liar {
    Liar::new(move |request, _| {
        if request.line.contains("/token") {
            let right = request.header("authorization") == Some(SECRET_HEADER);
            // Some servers repeat what they were sent.
            return if right {
                reply(200, &[], r#"{"token":"t0ken"}"#)
            } else {
                reply(403, &[], format!("wrong: {:?} {SECRET}", request.head))
            };
        }
        if request.header("authorization") == Some("Bearer t0ken") {
            return manifest(request, &[], CHART);
        }
        let host = request.header("host").unwrap();
        let realm = realm.clone().unwrap_or_else(|| format!("http://{host}/token"));
        reply(401, &[("WWW-Authenticate", &format!("Bearer realm=\"{realm}\",service=\"s\""))], "")
    })
}

#[test]
fn tokens_are_got_from_the_registry_or_from_who_the_user_allows() {
    let own = with_tokens(None);
    assert_eq!(identified(&own, &[]).code, 0);
    let asked = own.requests();
    assert_eq!(asked[1].line, "GET /token?scope=repository%3Aapp%3Apull&service=s");
    let other = with_tokens(None);
    let liar = with_tokens(Some(format!("http://{}/token", other.host)));
    fails(&identified(&liar, &[]), &liar, &format!("give `--token-server {}=http://{}`", liar.host, other.host));
    let allowed = format!("{}=http://{}", liar.host, other.host);
    assert_eq!(identified(&liar, &["--token-server", &allowed]).code, 0);
    // What is allowed for one registry is not allowed for another.
    let another = with_tokens(Some(format!("http://{}/token", other.host)));
    fails(&identified(&another, &["--token-server", &allowed]), &another, "the token server of");
}

#[test]
fn refusals_say_what_to_do_and_repeat_nothing() {
    let wrong = |challenge: &'static str| {
        Liar::new(move |request, _| {
            if request.line.contains("/token") {
                reply(403, &[], format!("{:?} {SECRET} t0ken", request.head))
            } else {
                {
                    let host = request.header("host").unwrap().to_owned();
                    reply(
                        401,
                        &[("WWW-Authenticate", &challenge.replace("HOST", &host))],
                        format!("{:?}", request.head),
                    )
                }
            }
        })
    };
    let basic = wrong("Basic realm=\"x\"");
    fails(&identified(&basic, &[]), &basic, "does not accept the stored credentials");
    let reference = format!("{}/app:1", basic.host);
    fails(&run(&world(&[]), &["identify", &reference]), &basic, "log in to it with any client");
    // Credentials are for one host and port.
    fails(&run(&world(&["127.0.0.1"]), &["identify", &reference]), &basic, "log in to it with any client");
    let bearer = wrong("Bearer realm=\"http://HOST/token\"");
    fails(&identified(&bearer, &[]), &bearer, "it answered 403 to the stored credentials");
    let odd = wrong("Negotiate");
    fails(&identified(&odd, &[]), &odd, "log in to it");
}

#[test]
fn what_passes_is_tried_again_and_what_does_not_is_not() {
    let busy = Liar::new(|request, number| match number {
        0 => reply(429, &[("Retry-After", "1")], ""),
        1 => reply(503, &[], ""),
        _ => manifest(request, &[], CHART),
    });
    assert_eq!(identified(&busy, &[]).code, 0);
    assert_eq!(busy.requests().len(), 3);
    let later = Liar::new(|_, _| reply(429, &[("Retry-After", "3600")], ""));
    fails(&identified(&later, &[]), &later, "answered 429; it asks to come back later");
    assert_eq!(later.requests().len(), 1);
    let broken = Liar::new(|_, _| reply(502, &[], ""));
    fails(&identified(&broken, &[]), &broken, "answered 502");
    assert_eq!(broken.requests().len(), 4);
    let wrong =
        Liar::new(|_, _| reply(500, &[], r#"{"errors":[{"code":"UNKNOWN","message":"\u001b]0;x\u0007\u202e"}]}"#));
    fails(&identified(&wrong, &[]), &wrong, "answered 500: UNKNOWN, \\u{1b}]0;x\\u{7}\\u{202e}");
    assert_eq!(wrong.requests().len(), 1);
    let gone =
        Liar::new(|_, _| reply(404, &[], r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#));
    fails(&identified(&gone, &[]), &gone, "answered 404: MANIFEST_UNKNOWN, manifest unknown; it has no such thing");
}

/// What `list` says of a registry that lies about its tags.
fn listed(liar: &Liar, more: &[&str]) -> Run {
    let repository = format!("{}/app", liar.host);
    run(&world(&[]), &[&["list", &repository, "--no-cache"], more].concat())
}

#[test]
fn pages_come_to_an_end() {
    for (link, says) in [
        ("</v2/app/tags/list?n=1000>; rel=\"next\"", "lead back to a former one"),
        ("<https://example.com/v2/app/tags/list>; rel=next", "the next page is at another origin"),
        ("<http://127.0.0.1:1/v2/app/tags/list>; rel=next", "the next page is at another origin"),
        ("<//example.com/x>; rel=next", "the next page is at another origin"),
    ] {
        let liar = Liar::new(move |_, _| reply(200, &[("Link", link)], r#"{"tags":["1"]}"#));
        let run = listed(&liar, &[]);
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.contains(says), "{says} in {}", run.err);
    }
    let endless = Liar::new(|_, number| {
        let link = format!("</v2/app/tags/list?last={number}>; rel=next");
        reply(200, &[("Link", &link)], r#"{"tags":["1"]}"#)
    });
    assert!(listed(&endless, &[]).err.contains("more than 100 pages"));
    assert_eq!(endless.requests().len(), 100);
    for body in ["<html>", "[]", r#"{"tags":[1]}"#, ""] {
        let liar = Liar::new(move |_, _| reply(200, &[], body));
        assert!(listed(&liar, &[]).err.contains("no list of the known form"), "{body}");
    }
}

#[test]
fn a_listing_shows_what_could_not_be_had() {
    let liar = Liar::new(|request, _| {
        if request.line.contains("/tags/list") {
            return reply(200, &[], r#"{"tags":["good","gone","\u001b[31mred\u202e","../../x","=1+1"]}"#);
        }
        match request.line.as_str() {
            line if line.contains("/manifests/good") => manifest(request, &[], CHART),
            line if line.contains("/manifests/") => reply(404, &[], ""),
            _ => reply(200, &[], r#"{"schemaVersion":2,"manifests":[{"digest":"../../x"},{"digest":7}]}"#),
        }
    });
    let human = listed(&liar, &[]);
    assert_eq!(human.code, 1, "{}", human.err);
    assert!(human.out.contains("Helm chart"), "{}", human.out);
    assert!(human.out.contains("\\u{1b}[31mred\\u{202e}"), "{}", human.out);
    assert!(human.err.contains("5 artifacts in 1 repository, 4 with a problem"), "{}", human.err);
    let value: Value = serde_json::from_str(&listed(&liar, &["--format", "json"]).out).unwrap();
    let artifacts = value["artifacts"].as_array().unwrap();
    let of = |tag: &str| artifacts.iter().find(|one| one["reference"].as_str().unwrap().ends_with(tag)).unwrap();
    assert_eq!(of(":good")["type"], "helm-chart");
    assert!(of(":gone")["problem"].as_str().unwrap().contains("answered 404"));
    assert!(of("/x")["problem"].as_str().unwrap().contains("a tag that the specification does not allow"));
    let lines = listed(&liar, &["--format", "csv"]).out;
    assert_eq!(lines.lines().count(), 6, "{lines}");
    assert!(liar.requests().iter().all(|request| !request.line.contains("..")), "{:?}", liar.requests());
}

#[test]
fn what_is_attached_to_nothing_here_is_listed() {
    let tag = format!("sha256-{}.sig", "0".repeat(64));
    let tags = format!(r#"{{"tags":["{tag}"]}}"#);
    let liar = Liar::new(move |request, _| {
        if request.line.contains("/tags/list") { reply(200, &[], &tags) } else { manifest(request, &[], CHART) }
    });
    let run = listed(&liar, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("sha256-000000000000\u{2026}.sig") && run.out.contains("Helm chart"), "{}", run.out);
    assert!(run.err.contains("1 artifact in 1 repository"), "{}", run.err);
}

/// A registry with a catalog, one of whose layers is not what its digest says.
fn with_catalog(broken: bool) -> Liar {
    let (mapping, schema) = (r#"{"catalogVersion":"1","digest":"sha256:x"}"#, "{}");
    let layer = |media_type: &str, text: &str| json!({ "mediaType": media_type, "digest": sha256(text.as_bytes()), "size": text.len() });
    let document = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": "application/vnd.oci-artifact-types.catalog.v1",
        "config": layer("application/vnd.oci.empty.v1+json", "{}"),
        "layers": [
            layer("application/vnd.oci-artifact-types.mapping.v1+json", mapping),
            layer("application/schema+json", schema),
        ],
    })
    .to_string();
    Liar::new(move |request, _| match request.line.as_str() {
        line if line.ends_with(&sha256(mapping.as_bytes())) => reply(200, &[], mapping),
        line if line.contains("/blobs/") => reply(200, &[], if broken { "[]" } else { schema }),
        _ => manifest(request, &[], &document),
    })
}

#[test]
fn a_catalog_is_pulled_whole_or_not_at_all() {
    let world = World::new();
    let honest = with_catalog(false);
    let pulled = run(&world, &["pull", &format!("{}/catalog:1", honest.host), "--out", "good"]);
    assert_eq!(pulled.code, 0, "{}", pulled.err);
    assert!(world.path("good/mediaTypeMappings.json").is_file());
    let liar = with_catalog(true);
    let pulled = run(&world, &["pull", &format!("{}/catalog:1", liar.host), "--out", "bad"]);
    fails(&pulled, &liar, "the content has the digest sha256:");
    assert!(!world.path("bad").exists());
    let chart = Liar::new(|request, _| manifest(request, &[], CHART));
    let pulled = run(&world, &["pull", &format!("{}/chart:1", chart.host), "--out", "bad"]);
    fails(&pulled, &chart, "it is no catalog");
}

#[test]
fn uploads_are_not_followed_elsewhere() {
    let other = Liar::new(|_, _| reply(201, &[], ""));
    let to = format!("http://{}/upload", other.host);
    let liar = Liar::new(move |request, _| match request.line.split(' ').next() {
        Some("POST") => reply(202, &[("Location", &to)], ""),
        _ => reply(404, &[], ""),
    });
    let pushed = run(&world(&[&liar.host]), &["publish", &format!("{}/catalog:1", liar.host)]);
    fails(&pushed, &liar, "an address that is not public");
    assert!(other.requests().is_empty());
    let lost = Liar::new(|request, _| match request.line.split(' ').next() {
        Some("POST") => reply(202, &[], ""),
        _ => reply(404, &[], ""),
    });
    let pushed = run(&world(&[]), &["publish", &format!("{}/catalog:1", lost.host)]);
    fails(&pushed, &lost, "does not say where to upload it");
}

#[test]
fn wrong_use_is_told_before_anything_is_sent() {
    let world = World::new();
    for (args, says) in [
        (&["identify", "user:pw@example.com/app:1"][..], "no such file"),
        (&["identify", "oci://user:pw@example.com/app:1"], "log in with any client"),
        (&["identify", "example.com/app:1"], "leave out `--plain-http`"),
        (&["list", "example.com/App"], "breaks the grammar"),
        (&["list", "exa mple.com"], "no name of a registry"),
        (&["publish", "localhost:1/a"], "name the tag"),
        (&["pull", "localhost:1/a"], "name a tag or a digest"),
        (&["identify", "oci://localhost:1/a"], "`oat list localhost:1/a`"),
        (&["list", "localhost:1/a", "--type", "helm-chrt"], "did you mean `helm-chart`?"),
        (&["list", "localhost:1/a", "--role", "charts"], "no type has the role"),
        (&["list", "localhost:1/a", "--token-server", "x"], "REGISTRY=URL"),
    ] {
        let run = run(&world, args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains(says), "{says} in {}", run.err);
        assert!(!run.err.contains("user:pw") || says == "no such file", "{}", run.err);
    }
}
