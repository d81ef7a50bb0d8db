//! `oat build`: whole or not at all, the same bytes everywhere, every link leads somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::harness::{SAMPLE, SAMPLE_EXAMPLE, World, merged, root, run_in};

/// All files below a folder: path to bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// Copies the real catalog, its folders in another order.
fn copy_catalog(world: &World, reverse: bool) {
    let mut entries: Vec<_> =
        fs::read_dir(root().join("types")).unwrap().map(Result::unwrap).map(|e| e.path()).collect();
    entries.sort();
    if reverse {
        entries.reverse();
    }
    for entry in entries.iter().filter(|entry| entry.is_dir()) {
        for (file, bytes) in tree(entry) {
            let target = world.path("types").join(entry.file_name().unwrap()).join(file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, bytes).unwrap();
        }
    }
}

#[test]
fn two_checkouts_give_the_same_bytes_and_so_does_the_embedded_catalog() {
    let (a, b, empty) = (World::new(), World::new(), World::new());
    copy_catalog(&a, false);
    copy_catalog(&b, true);
    for (world, out) in [(&a, "dist"), (&b, "elsewhere/out"), (&empty, "dist")] {
        let run = world.run(&["build", "--out", out]);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    let built = tree(&a.path("dist"));
    assert!(built.len() > 300, "{} files", built.len());
    assert!(built == tree(&b.path("elsewhere/out")), "another order of files gives other bytes");
    assert!(built == tree(&empty.path("dist")), "the embedded catalog gives other bytes");
    // Built again over itself: still the same.
    assert_eq!(a.run(&["build"]).code, 0);
    assert!(built == tree(&a.path("dist")));
}

#[test]
fn links_lead_somewhere_and_pages_are_inert() {
    let world = World::new();
    assert_eq!(world.run(&["build"]).code, 0);
    let files = tree(&world.path("dist"));
    let mut broken = Vec::new();
    let mut reached = BTreeSet::from(["index.html".to_owned(), "404.html".to_owned()]);
    let mut leads_on = BTreeSet::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let text = std::str::from_utf8(bytes).unwrap();
        assert_eq!(text.matches("<h1").count(), 1, "{path}");
        assert!(text.contains("Content-Security-Policy") && text.contains("default-src 'none'"), "{path}");
        for bad in ["<script>", " onclick=", " style=\"", "<style", "=\"javascript:", "unsafe-inline", "<iframe"] {
            assert!(!text.contains(bad), "{path} holds {bad}");
        }
        // Only the page of another name leads on by itself, once, and to the page of a type.
        if let Some((_, refresh)) = text.split_once("http-equiv=\"refresh\"") {
            let target =
                refresh.strip_prefix(" content=\"0; url=../").and_then(|rest| rest.split_once("/index.html\">"));
            let id = target.unwrap_or_else(|| panic!("{path} leads to {refresh}")).0;
            assert!(oci_artifact_types::catalog::model::is_id(id), "{path} leads to {id}");
            assert!(files.contains_key(&format!("types/{id}/index.html")), "{path} leads to {id}");
            assert!(path.starts_with("types/") && !refresh.contains("http-equiv"), "{path}");
            leads_on.insert(path.clone());
        }
        for (attribute, link) in ["href=\"", "src=\""]
            .iter()
            .flat_map(|a| text.split(a).skip(1).map(move |rest| (a, rest.split('"').next().unwrap())))
        {
            let link = link.replace("&#38;", "&").replace("&amp;", "&");
            if link.starts_with("https://") || link.starts_with("mailto:") {
                assert_eq!(*attribute, "href=\"", "{path} loads {link}");
                continue;
            }
            let (target, fragment) = link.split_once('#').map_or((link.as_str(), None), |(t, f)| (t, Some(f)));
            let target = target.split('?').next().unwrap_or_default();
            let resolved = if target.is_empty() { path.clone() } else { resolve(path, target) };
            match files.get(&resolved) {
                None => broken.push(format!("{path}: {link}")),
                Some(bytes) => {
                    reached.insert(resolved.clone());
                    if let Some(example) = fragment.and_then(|fragment| fragment.strip_prefix("example=")) {
                        // The playground reads it from there.
                        if !files.contains_key(&format!("examples/{example}")) {
                            broken.push(format!("{path}: {link} (no such example)"));
                        }
                    } else if let Some(fragment) = fragment {
                        let page = std::str::from_utf8(bytes).unwrap();
                        if !page.contains(&format!("id=\"{fragment}\"")) {
                            broken.push(format!("{path}: {link} (no such fragment)"));
                        }
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} broken links:\n{}", broken.len(), broken.join("\n"));
    let orphans: Vec<&String> = files
        .keys()
        .filter(|path| path.ends_with(".html") && !reached.contains(*path) && !leads_on.contains(*path))
        .collect();
    assert!(orphans.is_empty(), "no page leads to {orphans:?}");
    for rule in oci_artifact_types::rules::all() {
        assert!(files.contains_key(&format!("rules/{}/index.html", rule.id)), "{} has no page", rule.id);
    }
    for entry in oci_artifact_types::catalog::embedded::entries() {
        assert!(files.contains_key(&format!("types/{}/index.html", entry.id)), "{} has no page", entry.id);
        assert!(!leads_on.contains(&format!("types/{}/index.html", entry.id)), "the page of {} leads on", entry.id);
        assert!(files.contains_key(&format!("api/types/{}.json", entry.id)), "{} has no file in the API", entry.id);
    }
}

fn resolve(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn hostile_text_is_text_on_every_page() {
    let hostile = "x<script>alert(1)</script><img src=x onerror=y>&\\\"'";
    let short = "<b onx='>\\\"&";
    let entry = merged(&format!(
        "title: \"{short}\"\nsummary: \"{hostile}\"\ndescription: \"{hostile} [a](javascript:b) ![c](https://d.example/e)\"\naliases: [\"{short}\"]\n"
    ));
    let world = World::sample().file("types/sample/type.yaml", entry);
    // The lint refuses it; the pages must be safe all the same.
    let run = world.run(&["lint"]);
    assert_eq!(run.code, 1);
    let outcome = oci_artifact_types::rules::catalog::lint(
        &world.path("types"),
        "types",
        oci_artifact_types::rules::catalog::Options { keep: true, ..Default::default() },
    )
    .unwrap();
    let options = oci_artifact_types::site::Options { base_url: Some("https://example.com/"), pictures: None };
    let pages = oci_artifact_types::site::files(&outcome.catalog.unwrap(), &options).unwrap();
    for (path, bytes) in pages {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for bad in ["<script>alert", "<img src=x", "<b onx", "javascript:b", "d.example/e\""] {
            // What no browser takes for markup may hold a text as it is: JSON, and the exports for other programs.
            let markup = [".html", ".svg", ".xml", ".js"].iter().any(|extension| path.ends_with(extension));
            assert!(!markup || !text.contains(bad), "{path} holds {bad}");
        }
    }
}

/// What is remembered of earlier builds never changes what a build gives.
#[test]
fn a_build_that_remembers_gives_what_a_fresh_one_gives() {
    use oci_artifact_types::finding::render::json;
    use oci_artifact_types::rules::catalog::{Memory, Options, lint, lint_again};
    use oci_artifact_types::{catalog, site};

    const ENTRY: &str = "types/sample/type.yaml";
    const ICON: &str = "types/sample/icon.svg";
    let square = |side: u8| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"M1 1h{side}v9H1z\"/></svg>\n"
        )
    };
    let mut world = World::sample();
    for id in ["helm-chart", "cosign-signature", "oci-image", "notation-signature"] {
        for (path, bytes) in tree(&root().join("types").join(id)) {
            world = world.file(&format!("types/{id}/{path}"), bytes);
        }
    }
    let icon = "icon: { file: { licence: CC0-1.0, provenance: Drawn for tests. } }\n";
    let edits: Vec<(&str, Option<String>)> = vec![
        ("README.md", Some(String::new())),
        (ENTRY, Some(merged("title: Simple\n"))),
        (ENTRY, Some(merged("title: Swivel\n"))),
        (ENTRY, Some("id: [\n".to_owned())),
        (ENTRY, Some(merged("unknown: 1\n"))),
        (ENTRY, Some(merged("summary: An <b>odd</b> one.\n"))),
        (ENTRY, Some(merged("# oat: allow(html-in-text) shown in tests\nsummary: An <b>odd</b> one.\n"))),
        (ENTRY, Some(merged(icon))),
        (ICON, Some(square(8))),
        (ICON, Some(square(9))),
        ("types/helm-chart/icon.svg", Some(square(9))),
        (ICON, None),
        ("types/sample/examples/plain.json", Some(SAMPLE_EXAMPLE.replace("1001", "1002"))),
        ("types/sample/examples/other.json", Some(SAMPLE_EXAMPLE.to_owned())),
        ("types/sample/examples/other.json", None),
        ("types/oci-image/type.yaml", None),
        ("types/other/type.yaml", Some(SAMPLE.to_owned())),
        ("types/other/type.yaml", None),
        (ENTRY, Some(SAMPLE.to_owned())),
    ];
    let (mut memory, pictures) = (Memory::default(), site::Pictures::default());
    let options = Options { keep: true, second_reader: false, examples: true };
    for (turn, (path, content)) in edits.into_iter().enumerate() {
        match &content {
            Some(content) => world = world.file(path, content),
            None => fs::remove_file(world.path(path)).unwrap(),
        }
        let types = world.path("types");
        let fresh = lint(&types, "types", options).unwrap();
        let listed = catalog::folder::list(&types, "types").unwrap();
        // A folder that nobody touched is not looked at; every other time all are.
        let changed = world.path(path);
        let touched = |folder: &catalog::folder::Folder| turn % 2 == 0 || changed.starts_with(&folder.path);
        let again = lint_again(listed.into(), options, &mut memory, touched).unwrap();
        assert_eq!(json::render(&again.report, None), json::render(&fresh.report, None), "{path}: {content:?}");
        assert_eq!(again.report.sources.keys().collect::<Vec<_>>(), fresh.report.sources.keys().collect::<Vec<_>>());
        pictures.turn();
        let built = |catalog: Option<catalog::Catalog>, pictures| {
            // What a lint refuses may be refused here too.
            catalog.and_then(|catalog| site::files(&catalog, &site::Options { base_url: None, pictures }).ok())
        };
        assert!(built(again.catalog, Some(&pictures)) == built(fresh.catalog, None), "{path}: {content:?}");
    }
}

#[test]
fn a_folder_that_is_not_ours_is_refused() {
    let world = World::sample().file("mine/letter.txt", "dear");
    let run = world.run(&["build", "--out", "mine"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("mine: the folder holds files that no earlier build made"), "{}", run.err);
    assert_eq!(fs::read_to_string(world.path("mine/letter.txt")).unwrap(), "dear");
    let run = world.run(&["build", "--out", "types/sample/dist"]);
    assert_eq!((run.code, world.path("types/sample/dist").exists()), (2, false));
    let run = world.file("file", "x").run(&["build", "--out", "file"]);
    assert_eq!(run.code, 2);
}

#[test]
fn a_catalog_with_errors_writes_nothing() {
    let world = World::sample();
    assert_eq!(world.run(&["build"]).code, 0);
    let before = tree(&world.path("dist"));
    let world = world.file("types/sample/type.yaml", "id: sample\n");
    let run = world.run(&["build"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("nothing was written"), "{}", run.err);
    assert!(before == tree(&world.path("dist")));
}

/// Killed at any moment the target is the old output or the new one, and the next build removes what was left.
#[test]
fn a_killed_build_leaves_the_old_output_or_the_new_one() {
    let world = World::new();
    assert_eq!(world.run(&["build"]).code, 0);
    let old = tree(&world.path("dist"));
    assert_eq!(world.run(&["build", "--base-url", "https://example.com/", "--out", "other"]).code, 0);
    let new = tree(&world.path("other"));
    assert!(old != new);
    let mut seen = BTreeSet::new();
    for step in 0..40_u64 {
        let arguments = if step % 2 == 0 { vec!["build", "--base-url", "https://example.com/"] } else { vec!["build"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_oat"))
            .args(arguments)
            .current_dir(world.path("."))
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(step * 12));
        let _ = child.kill();
        child.wait().unwrap();
        let now = tree(&world.path("dist"));
        assert!(now == old || now == new, "a mix after {} ms", step * 12);
        seen.insert(now == new);
    }
    assert_eq!(run_in(&world.path("."), &["build"], b"").code, 0);
    let left: Vec<_> = fs::read_dir(world.path("."))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .filter(|n| n.to_string_lossy().contains(".oat-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(tree(&world.path("dist")) == old);
}
