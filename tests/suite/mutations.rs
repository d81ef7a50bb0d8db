//! Documents that went wrong in one place or in several, from the examples of the catalog; the same for the same seed.

use serde_json::{Map, Value, json};

use crate::harness::files;

/// Numbers that look random and are the same every time.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    /// A number below `end`.
    #[expect(clippy::cast_possible_truncation, reason = "it is below a length")]
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// The examples of the catalog.
pub(crate) fn seeds() -> Vec<Value> {
    let examples = files("types").into_iter().filter(|path| path.parent().unwrap().ends_with("examples"));
    examples.filter_map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).ok()).collect()
}

/// Names that stand somewhere in manifests, with some that only look so.
const NAMES: [&str; 30] = [
    "schemaVersion",
    "mediaType",
    "artifactType",
    "config",
    "layers",
    "manifests",
    "blobs",
    "subject",
    "annotations",
    "digest",
    "size",
    "urls",
    "data",
    "platform",
    "os",
    "architecture",
    "variant",
    "os.version",
    "os.features",
    "features",
    "fsLayers",
    "MediaType",
    "mediatype",
    "Layers",
    "media\u{17F}ype",
    "org.opencontainers.image.created",
    "org.opencontainers.image.title",
    "org.opencontainers.image.licenses",
    "org.opencontainers.image.base.name",
    "",
];

/// Values that are wrong somewhere and right elsewhere.
fn values() -> Vec<Value> {
    let digest = format!("sha256:{}", "a".repeat(64));
    let mut all: Vec<Value> = [
        "",
        " ",
        "x",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.oci.empty.v1+json",
        "application/vnd.oci.foo",
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.docker.distribution.manifest.v2+json",
        "Application/VND.OCI.Image.Manifest.v1+JSON",
        "application/json; charset=utf-8",
        "application/a b",
        "a/b/c",
        "x-a/y",
        "application/é",
        "example/a",
        "sha256:abc",
        "sha256:",
        ":",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:../../etc/passwd",
        "SHA256:AB",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "blake3:00",
        "a+b.c_d-e:Q=",
        "e30=",
        "e30",
        "====",
        "https://example.com/a",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "https:///x",
        "https://u:p@h/",
        "//x",
        "%zz",
        "https://[::1",
        "2024-01-02T03:04:05Z",
        "2024-02-30",
        "0001-01-01T00:00:00Z",
        "2024-01-02 03:04:05Z",
        "MIT",
        "mit and",
        "GPL-2.0 OR (",
        "LicenseRef-x/y",
        "linux",
        "windows",
        "amd64",
        "x86_64",
        "v8",
        "../../x",
        "/etc/passwd",
        "C:\\x",
        "a\u{202E}b",
        "\u{1b}[31m",
        "a\u{200B}b",
        "\u{FFFE}",
        "registry.example/a/b:c@sha256:d",
        "UPPER/case",
        "1.2.3",
        "\u{1F600}",
    ]
    .into_iter()
    .map(Value::from)
    .collect();
    all.push(digest.into());
    all.push("x".repeat(5000).into());
    all.extend([
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(2.0),
        json!(1.5),
        json!(9_007_199_254_740_993_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null]),
        json!({"": ""}),
        json!({"mediaType": 1, "digest": [], "size": "2"}),
        json!({"os": "linux", "architecture": "amd64"}),
    ]);
    all
}

/// A document with one to four changes somewhere in it, as text; now and then the text itself is damaged.
pub(crate) fn mutated(seeds: &[Value], random: &mut Random) -> Vec<u8> {
    let values = values();
    let mut document = random.of(seeds).clone();
    for _ in 0..=random.below(4) {
        let count = count(&document);
        let at = random.below(count);
        change(&mut document, &mut { at }, random, &values);
    }
    let mut text = if random.below(2) == 0 {
        serde_json::to_vec(&document).unwrap()
    } else {
        serde_json::to_vec_pretty(&document).unwrap()
    };
    if random.below(10) == 0 {
        damage(&mut text, random);
    }
    text
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum::<usize>(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Changes the value at a position, counted in the order of the document.
fn change(value: &mut Value, at: &mut usize, random: &mut Random, values: &[Value]) -> bool {
    if *at == 0 {
        mutate(value, random, values);
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| change(item, at, random, values)),
        Value::Object(members) => members.values_mut().any(|member| change(member, at, random, values)),
        _ => false,
    }
}

fn mutate(value: &mut Value, random: &mut Random, values: &[Value]) {
    match value {
        Value::Object(members) if random.below(5) > 0 => members_changed(members, random, values),
        Value::Array(items) if random.below(5) > 0 => match random.below(4) {
            0 => items.clear(),
            1 if !items.is_empty() => drop(items.remove(random.below(items.len()))),
            2 if !items.is_empty() => items.push(random.of(items).clone()),
            _ => items.push(random.of(values).clone()),
        },
        Value::String(text) if random.below(3) == 0 && !text.is_empty() => {
            let characters: Vec<char> = text.chars().collect();
            let at = random.below(characters.len());
            let put = *random.of(&['A', '.', '/', ' ', '\u{0}', 'é', ';', '+', ':', '%']);
            *text = characters.iter().enumerate().map(|(index, c)| if index == at { put } else { *c }).collect();
        }
        other => *other = random.of(values).clone(),
    }
}

fn members_changed(members: &mut Map<String, Value>, random: &mut Random, values: &[Value]) {
    let names: Vec<String> = members.keys().cloned().collect();
    match random.below(4) {
        0 if !names.is_empty() => drop(members.remove(random.of(&names))),
        1 if !names.is_empty() => {
            let moved = members.remove(random.of(&names)).unwrap();
            members.insert((*random.of(&NAMES)).to_owned(), moved);
        }
        _ => drop(members.insert((*random.of(&NAMES)).to_owned(), random.of(values).clone())),
    }
}

fn damage(text: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(text.len());
    match random.below(6) {
        0 => text.truncate(at),
        1 => text[at] = 0xFF,
        2 => text[at] = 0,
        3 => text.insert(at, *random.of(b"{}[],:\"\\")),
        4 => text.extend_from_slice(b" {}"),
        _ => drop(text.splice(0..0, *b"\xEF\xBB\xBF")),
    }
}
