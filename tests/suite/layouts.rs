//! Image layouts and archives, made byte by byte: right ones, and each wrong in one way.

use std::collections::BTreeMap;
use std::io::Write as _;

use oci_artifact_types::oci::hash::sha256;
use serde_json::{Value, json};

/// Files by their paths.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// How a layout differs from a right one.
pub(crate) struct Recipe {
    /// Entries of the layer: path and content.
    pub entries: Vec<(&'static str, &'static str)>,
    /// The media type of the layer.
    pub media_type: &'static str,
    /// Changes the blob of the layer.
    pub layer: fn(Vec<u8>) -> Vec<u8>,
    /// Changes the config, the manifest, the index and the files, each before the next is made.
    pub config: fn(&mut Value),
    pub manifest: fn(&mut Value),
    pub index: fn(&mut Value),
    pub files: fn(&mut Files),
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            entries: vec![("etc/", ""), ("etc/hostname", "sample\n")],
            media_type: "application/vnd.oci.image.layer.v1.tar+gzip",
            layer: |bytes| gzip(&bytes),
            config: |_| {},
            manifest: |_| {},
            index: |_| {},
            files: |_| {},
        }
    }
}

pub(crate) fn blob(bytes: &[u8]) -> String {
    format!("blobs/sha256/{}", sha256(bytes).split_once(':').unwrap().1)
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A tar archive; paths that end with `/` are folders.
pub(crate) fn tar<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in entries {
        let mut header = tar::Header::new_gnu();
        // Written into the header as it is, so that hostile paths can be made too.
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(if path.ends_with('/') { tar::EntryType::Directory } else { tar::EntryType::Regular });
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// An image layout with one image of one layer.
pub(crate) fn layout(recipe: &Recipe) -> Files {
    let plain = tar(recipe.entries.iter().map(|(path, content)| (*path, content.as_bytes())));
    let layer = (recipe.layer)(plain.clone());
    let mut config = json!({
        "architecture": "amd64", "os": "linux",
        "rootfs": { "type": "layers", "diff_ids": [sha256(&plain)] },
    });
    (recipe.config)(&mut config);
    let config = config.to_string().into_bytes();
    let mut manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
        "layers": [descriptor(recipe.media_type, &layer)],
    });
    (recipe.manifest)(&mut manifest);
    let manifest = manifest.to_string().into_bytes();
    let mut index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [descriptor("application/vnd.oci.image.manifest.v1+json", &manifest)],
    });
    (recipe.index)(&mut index);
    let mut files = Files::from([
        ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
        ("index.json".to_owned(), index.to_string().into_bytes()),
    ]);
    for bytes in [layer, config, manifest] {
        files.insert(blob(&bytes), bytes);
    }
    (recipe.files)(&mut files);
    files
}

pub(crate) fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": sha256(bytes), "size": bytes.len() })
}

/// The members of an archive of `docker save` as it was before it became a layout too.
pub(crate) fn docker() -> Files {
    let layer = tar([("etc/hostname", b"sample\n".as_slice())]);
    let config = json!({
        "architecture": "amd64", "os": "linux",
        "rootfs": { "type": "layers", "diff_ids": [sha256(&layer)] },
    });
    let manifest = json!([{ "Config": "config.json", "RepoTags": ["sample:1"], "Layers": ["layer.tar"] }]);
    Files::from([
        ("config.json".to_owned(), config.to_string().into_bytes()),
        ("layer.tar".to_owned(), layer),
        ("manifest.json".to_owned(), manifest.to_string().into_bytes()),
    ])
}

/// Files as a tar archive.
pub(crate) fn packed(files: &Files) -> Vec<u8> {
    tar(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}

/// A manifest in the layout besides, attached to the first, with the referrers list that names it.
fn with_referrers(files: &mut Files, change_entry: fn(&mut Value), change_manifest: fn(&mut Value)) {
    let index: Value = serde_json::from_slice(&files["index.json"]).unwrap();
    let subject = index["manifests"][0].clone();
    let mut manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "artifactType": "application/vnd.example.note",
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [descriptor("application/vnd.oci.empty.v1+json", b"{}")],
        "subject": subject,
        "annotations": { "com.example.note": "yes" },
    });
    change_manifest(&mut manifest);
    let bytes = manifest.to_string().into_bytes();
    let mut entry = descriptor("application/vnd.oci.image.manifest.v1+json", &bytes);
    entry["artifactType"] = json!("application/vnd.example.note");
    entry["annotations"] = manifest["annotations"].clone();
    change_entry(&mut entry);
    let list = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [entry],
    });
    let list = list.to_string().into_bytes();
    let mut index = index;
    let mut named = descriptor("application/vnd.oci.image.index.v1+json", &list);
    let tag = subject["digest"].as_str().unwrap().replace(':', "-");
    named["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
    index["manifests"].as_array_mut().unwrap().push(named);
    files.insert("index.json".to_owned(), index.to_string().into_bytes());
    for bytes in [bytes, list, b"{}".to_vec()] {
        files.insert(blob(&bytes), bytes);
    }
}

/// The name of the layer's blob.
fn layer_of(files: &Files) -> String {
    files.keys().find(|path| path.starts_with("blobs/") && files[*path].starts_with(&[0x1F, 0x8B])).unwrap().clone()
}

fn referring(entry: fn(&mut Value), manifest: fn(&mut Value)) -> Files {
    let mut files = layout(&Recipe::default());
    with_referrers(&mut files, entry, manifest);
    files
}

/// The reported and accepted cases of a rule over layouts: files of a folder `layout`, or one archive.
pub(crate) fn cases(rule: &str) -> Vec<(bool, Files)> {
    let right = || layout(&Recipe::default());
    let made = |recipe: Recipe| layout(&recipe);
    let files = |files: fn(&mut Files)| layout(&Recipe { files, ..Recipe::default() });
    let index = |index: fn(&mut Value)| layout(&Recipe { index, ..Recipe::default() });
    let manifest = |manifest: fn(&mut Value)| layout(&Recipe { manifest, ..Recipe::default() });
    let archive = |bytes: Vec<u8>| Files::from([("archive.tar".to_owned(), bytes)]);
    let members = |files: Files, more: &[(&str, &[u8])]| {
        let own = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        tar(own.chain(more.iter().copied()))
    };
    let reported = match rule {
        "archive-duplicate-member" => vec![archive(members(right(), &[("oci-layout", b"{}")]))],
        "archive-member-path" => vec![archive(members(right(), &[("../outside", b"x")]))],
        "unreadable-archive" => {
            let whole = gzip(&packed(&right()));
            vec![archive(whole[..whole.len() / 2].to_vec()), archive(gzip(b"no tar at all"))]
        }
        "oversized-layout" => vec![nested(10)],
        "layout-blobs-dir" => vec![Files::from([
            ("oci-layout".to_owned(), right()["oci-layout"].clone()),
            (
                "index.json".to_owned(),
                br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#.to_vec(),
            ),
        ])],
        "layout-file-required" => vec![files(|files| drop(files.remove("oci-layout")))],
        "layout-index-required" => vec![files(|files| drop(files.remove("index.json")))],
        "layout-index-valid" => vec![files(|files| {
            let manifest = files.values().find(|bytes| bytes.starts_with(b"{\"config\"")).unwrap().clone();
            files.insert("index.json".to_owned(), manifest);
        })],
        "layout-blob-digest" => vec![files(|files| {
            let layer = layer_of(files);
            // A byte of the header that no reader looks at.
            files.get_mut(&layer).unwrap()[4] ^= 1;
        })],
        "layout-blob-algorithm-name" => vec![files(|files| drop(files.insert("blobs/SHA256/ab".to_owned(), vec![1])))],
        "layout-blob-encoded-name" => vec![files(|files| drop(files.insert("blobs/sha256/ab".to_owned(), vec![1])))],
        "layout-blob-missing" => vec![files(|files| drop(files.remove(&layer_of(files))))],
        "layout-blob-regular-file" => {
            let right = right();
            let mut builder = tar::Builder::new(packed_open(&right));
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_size(0);
            builder.append_link(&mut header, format!("blobs/sha256/{}", "a".repeat(64)), "/etc/passwd").unwrap();
            vec![archive(builder.into_inner().unwrap())]
        }
        "layout-blob-size" => vec![manifest(|manifest| manifest["layers"][0]["size"] = json!(7))],
        "layout-blob-unreferenced" => vec![files(|files| drop(files.insert(blob(b"more"), b"more".to_vec())))],
        "descriptor-artifact-type-value" => {
            vec![index(|index| index["manifests"][0]["artifactType"] = json!("application/vnd.example.other"))]
        }
        "layout-entry-media-type" => vec![files(|files| {
            let mut index: Value = serde_json::from_slice(&files["index.json"]).unwrap();
            let note = b"<a/>";
            index["manifests"].as_array_mut().unwrap().push(descriptor("application/xml", note));
            files.insert(blob(note), note.to_vec());
            files.insert("index.json".to_owned(), index.to_string().into_bytes());
        })],
        "layout-media-type-agrees" => vec![index(|index| {
            index["manifests"][0]["mediaType"] = json!("application/vnd.docker.distribution.manifest.v2+json");
        })],
        "layout-ref-name-duplicate" => vec![files(|files| {
            with_referrers(files, |_| {}, |_| {});
            let mut index: Value = serde_json::from_slice(&files["index.json"]).unwrap();
            for entry in index["manifests"].as_array_mut().unwrap() {
                entry["annotations"] = json!({ "org.opencontainers.image.ref.name": "1.0" });
            }
            files.insert("index.json".to_owned(), index.to_string().into_bytes());
        })],
        "layout-ref-name-nested" => vec![files(|files| {
            let index: Value = serde_json::from_slice(&files["index.json"]).unwrap();
            let mut inner = index.clone();
            inner["manifests"][0]["annotations"] = json!({ "org.opencontainers.image.ref.name": "1.0" });
            let inner = inner.to_string().into_bytes();
            let mut outer = index;
            outer["manifests"] = json!([descriptor("application/vnd.oci.image.index.v1+json", &inner)]);
            files.insert(blob(&inner), inner);
            files.insert("index.json".to_owned(), outer.to_string().into_bytes());
        })],
        "media-type-suffix-true" => vec![manifest(|manifest| {
            let layer = manifest["layers"][0].clone();
            manifest["artifactType"] = json!("application/vnd.example.thing");
            manifest["config"]["mediaType"] = json!("application/vnd.example.config+json");
            manifest["layers"] = json!([layer]);
            manifest["layers"][0]["mediaType"] = json!("application/vnd.example.thing+json");
        })],
        "referrers-entry-annotations" => {
            vec![referring(|entry| drop(entry.as_object_mut().unwrap().remove("annotations")), |_| {})]
        }
        "referrers-entry-artifact-type" => {
            vec![referring(|entry| entry["artifactType"] = json!("application/vnd.example.other"), |_| {})]
        }
        "referrers-entry-subject" => {
            vec![referring(|_| {}, |manifest| drop(manifest.as_object_mut().unwrap().remove("subject")))]
        }
        "config-diff-id-content" => vec![made(Recipe {
            config: |config| config["rootfs"]["diff_ids"][0] = json!(format!("sha256:{}", "0".repeat(64))),
            ..Recipe::default()
        })],
        "config-platform-agrees" => {
            vec![index(|index| index["manifests"][0]["platform"] = json!({ "architecture": "arm64", "os": "linux" }))]
        }
        "layer-compression-matches" => {
            vec![made(Recipe { media_type: "application/vnd.oci.image.layer.v1.tar", ..Recipe::default() })]
        }
        "layer-duplicate-path" => {
            vec![made(Recipe { entries: vec![("a", "1"), ("b", "2"), ("./a", "3")], ..Recipe::default() })]
        }
        "layer-explicit-whiteout" => {
            vec![made(Recipe { entries: vec![("etc/.wh..wh..opq", ""), ("etc/a", "1")], ..Recipe::default() })]
        }
        "layer-is-tar" => vec![made(Recipe {
            layer: |_| gzip(&b"no tar at all ".repeat(100)),
            config: |config| {
                config["rootfs"]["diff_ids"][0] = json!(sha256(&b"no tar at all ".repeat(100)));
            },
            ..Recipe::default()
        })],
        "layer-sparse-file" => vec![made(Recipe {
            layer: |_| gzip(&sparse()),
            config: |config| config["rootfs"]["diff_ids"][0] = json!(sha256(&sparse())),
            ..Recipe::default()
        })],
        "layer-whiteout-name" => {
            vec![made(Recipe { entries: vec![("etc/.wh.", ""), ("etc/a", "1")], ..Recipe::default() })]
        }
        "layer-whiteout-order" => {
            vec![made(Recipe { entries: vec![("etc/a", "1"), ("etc/.wh.b", "")], ..Recipe::default() })]
        }
        "docker-archive-config-digest" => {
            let mut files = docker();
            let config = files.remove("config.json").unwrap();
            let name = format!("{}.json", "0".repeat(64));
            let manifest = json!([{ "Config": name, "RepoTags": ["sample:1"], "Layers": ["layer.tar"] }]);
            files.insert(name, config);
            files.insert("manifest.json".to_owned(), manifest.to_string().into_bytes());
            vec![archive(packed(&files))]
        }
        _ => return Vec::new(),
    };
    let accepted = if rule.starts_with("docker") { archive(packed(&docker())) } else { right() };
    let mut cases: Vec<(bool, Files)> = reported.into_iter().map(|files| (true, files)).collect();
    cases.push((false, accepted));
    if rule == "layout-file-required" {
        cases.push((false, files(|files| drop(files.insert("notes/readme.txt".to_owned(), b"a note".to_vec())))));
    }
    if rule.starts_with("referrers") {
        cases.push((false, referring(|_| {}, |_| {})));
    }
    cases
}

/// A tar archive of these files without its end, to which more can be appended.
fn packed_open(files: &Files) -> Vec<u8> {
    let mut bytes = packed(files);
    bytes.truncate(bytes.len() - 1024);
    bytes
}

/// A layer with a sparse file in the form of GNU tar.
fn sparse() -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("hole").unwrap();
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_mode(0o644);
    header.set_size(0);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.set_real_size(1 << 20);
    // One stretch of no bytes at the end of a mebibyte: nothing but a hole.
    gnu.sparse[0].offset = *b"00004000000\0";
    gnu.sparse[0].numbytes = *b"00000000000\0";
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, std::io::empty()).unwrap();
    builder.into_inner().unwrap()
}

/// A layout whose index is nested so deep.
fn nested(depth: usize) -> Files {
    let mut files = layout(&Recipe::default());
    for _ in 0..depth {
        let inner = files["index.json"].clone();
        let outer = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [descriptor("application/vnd.oci.image.index.v1+json", &inner)],
        });
        files.insert(blob(&inner), inner);
        files.insert("index.json".to_owned(), outer.to_string().into_bytes());
    }
    files
}
