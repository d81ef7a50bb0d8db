//! Keys of annotations that the specifications define, or once did.

use std::ops::Range;

use super::Spec;

/// The prefix that belongs to the OCI specifications
/// ([annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)).
pub const OCI: &str = "org.opencontainers";
/// What the keys of image-spec begin with (same section).
pub const IMAGE: &str = "org.opencontainers.image.";
/// Title of an image; of a layer the name of the file that clients make of it.
pub const TITLE: &str = "org.opencontainers.image.title";
/// Name by which an image layout refers to one of its documents.
pub const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// What the keys of Label Schema begin with
/// ([annotations.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#back-compatibility-with-label-schema)).
pub const LABEL_SCHEMA_PREFIX: &str = "org.label-schema.";
/// What the keys of encrypted layers begin with. Image-spec does not define them: they come from a
/// [proposal to it](https://github.com/opencontainers/image-spec/pull/775) that was never merged, and every encrypted
/// image has them.
pub const ENCRYPTION: &str = "org.opencontainers.image.enc.";

/// A key that image-spec defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The whole key.
    pub name: &'static str,
    /// The first release that has it.
    pub since: Spec,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Documents and descriptors.
    Documents,
    /// Configurations of runtimes, made from the config of an image.
    Runtime,
}

const fn key(name: &'static str, since: Spec) -> Key {
    Key { name, since, purpose: Purpose::Documents }
}

const fn runtime(name: &'static str, since: Spec) -> Key {
    Key { name, since, purpose: Purpose::Runtime }
}

/// The keys that image-spec defines, each where it is defined first: in
/// [annotations.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys),
/// or in [conversion.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/conversion.md#annotation-fields) when
/// they are for runtimes. Those of 1.0 stand in the same documents of
/// [1.0.0](https://github.com/opencontainers/image-spec/blob/v1.0.0/annotations.md).
pub static DEFINED: [Key; 22] = [
    key("org.opencontainers.image.created", Spec::V1_0),
    key("org.opencontainers.image.authors", Spec::V1_0),
    key("org.opencontainers.image.url", Spec::V1_0),
    key("org.opencontainers.image.documentation", Spec::V1_0),
    key("org.opencontainers.image.source", Spec::V1_0),
    key("org.opencontainers.image.version", Spec::V1_0),
    key("org.opencontainers.image.revision", Spec::V1_0),
    key("org.opencontainers.image.vendor", Spec::V1_0),
    key("org.opencontainers.image.licenses", Spec::V1_0),
    key(REF_NAME, Spec::V1_0),
    key(TITLE, Spec::V1_0),
    key("org.opencontainers.image.description", Spec::V1_0),
    key("org.opencontainers.image.base.digest", Spec::V1_1),
    key("org.opencontainers.image.base.name", Spec::V1_1),
    runtime("org.opencontainers.image.os", Spec::V1_1),
    runtime("org.opencontainers.image.architecture", Spec::V1_1),
    runtime("org.opencontainers.image.variant", Spec::V1_1),
    runtime("org.opencontainers.image.os.version", Spec::V1_1),
    runtime("org.opencontainers.image.os.features", Spec::V1_1),
    runtime("org.opencontainers.image.author", Spec::V1_0),
    runtime("org.opencontainers.image.stopSignal", Spec::V1_0),
    runtime("org.opencontainers.image.exposedPorts", Spec::V1_0),
];

/// A key that a draft defined and no release has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawn {
    /// The whole key.
    pub name: &'static str,
    /// The draft of image-spec that was the last to have it.
    pub last: &'static str,
    /// The key that says the same in the releases; `None` when none does.
    pub now: Option<&'static str>,
}

const RC5: &str = "1.0.0-rc5";
const RC2: &str = "1.1.0-rc2";

/// The keys that drafts defined and no release has: those of
/// [1.0.0-rc5](https://github.com/opencontainers/image-spec/blob/v1.0.0-rc5/annotations.md#pre-defined-annotation-keys) and of
/// [1.1.0-rc2](https://github.com/opencontainers/image-spec/blob/v1.1.0-rc2/annotations.md#pre-defined-annotation-keys).
pub static WITHDRAWN: [Withdrawn; 9] = [
    Withdrawn { name: "org.opencontainers.created", last: RC5, now: Some("org.opencontainers.image.created") },
    Withdrawn { name: "org.opencontainers.authors", last: RC5, now: Some("org.opencontainers.image.authors") },
    Withdrawn { name: "org.opencontainers.homepage", last: RC5, now: Some("org.opencontainers.image.url") },
    Withdrawn {
        name: "org.opencontainers.documentation",
        last: RC5,
        now: Some("org.opencontainers.image.documentation"),
    },
    Withdrawn { name: "org.opencontainers.source", last: RC5, now: Some("org.opencontainers.image.source") },
    Withdrawn { name: "org.opencontainers.ref.name", last: RC5, now: Some(REF_NAME) },
    Withdrawn { name: "org.opencontainers.artifact.created", last: RC2, now: Some("org.opencontainers.image.created") },
    Withdrawn {
        name: "org.opencontainers.artifact.description",
        last: RC2,
        now: Some("org.opencontainers.image.description"),
    },
    // What registries filtered they say in a header of the answer since then.
    Withdrawn { name: "org.opencontainers.referrers.filtersApplied", last: RC2, now: None },
];

/// Keys of Label Schema, and the key of image-spec that each is compatible with
/// ([annotations.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#back-compatibility-with-label-schema)).
/// The value of `usage` is compatible only when it is a URL.
pub static LABEL_SCHEMA: [(&str, &str); 9] = [
    ("org.label-schema.build-date", "org.opencontainers.image.created"),
    ("org.label-schema.url", "org.opencontainers.image.url"),
    ("org.label-schema.vcs-url", "org.opencontainers.image.source"),
    ("org.label-schema.version", "org.opencontainers.image.version"),
    ("org.label-schema.vcs-ref", "org.opencontainers.image.revision"),
    ("org.label-schema.vendor", "org.opencontainers.image.vendor"),
    ("org.label-schema.name", TITLE),
    ("org.label-schema.description", "org.opencontainers.image.description"),
    ("org.label-schema.usage", "org.opencontainers.image.documentation"),
];

/// The definition of a key.
#[must_use]
pub fn defined(name: &str) -> Option<&'static Key> {
    if name.starts_with(IMAGE) { DEFINED.iter().find(|key| key.name == name) } else { None }
}

/// The draft that had a key which no release has.
#[must_use]
pub fn withdrawn(name: &str) -> Option<&'static Withdrawn> {
    if is_reserved(name) { WITHDRAWN.iter().find(|key| key.name == name) } else { None }
}

/// The key of image-spec that a key of Label Schema is compatible with.
#[must_use]
pub fn successor(name: &str) -> Option<&'static str> {
    if !name.starts_with(LABEL_SCHEMA_PREFIX) {
        return None;
    }
    LABEL_SCHEMA.iter().find(|(old, _)| *old == name).map(|(_, new)| *new)
}

/// Whether the prefix of a key belongs to the OCI specifications.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    name.strip_prefix(OCI).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}

/// Whether a name of a reference follows its grammar: words of letters and digits, with one separator, or `--`, between
/// two of them ([annotations.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)).
///
/// # Errors
///
/// The bytes of the first character that stands wrong; none when the text is empty.
pub fn reference_name(text: &str) -> Result<(), Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let word = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let separator = at + word;
        if word == 0 {
            // What should be a word is a further separator, or nothing.
            return Err(if at < bytes.len() { at..at + 1 } else { at.saturating_sub(1)..at });
        }
        at = match &bytes[separator..] {
            [] => return Ok(()),
            [b'-', b'-', ..] => separator + 2,
            _ => separator + 1,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found() {
        assert_eq!(defined(TITLE).map(|key| key.since), Some(Spec::V1_0));
        assert_eq!(defined("org.opencontainers.image.base.name").map(|key| key.since), Some(Spec::V1_1));
        assert_eq!(defined("org.opencontainers.image.os").map(|key| key.purpose), Some(Purpose::Runtime));
        assert_eq!(defined("org.opencontainers.image.license"), None);
        assert_eq!(withdrawn("org.opencontainers.created").and_then(|key| key.now), Some(DEFINED[0].name));
        assert_eq!(successor("org.label-schema.vcs-url"), Some("org.opencontainers.image.source"));
        assert_eq!(successor("org.label-schema.schema-version"), None);
        for (name, reserved) in [
            ("org.opencontainers", true),
            ("org.opencontainers.x", true),
            ("org.opencontainers/x", true),
            ("org.opencontainersx", false),
            ("com.example", false),
        ] {
            assert_eq!(is_reserved(name), reserved, "{name}");
        }
    }

    #[test]
    fn every_replacement_is_defined() {
        for name in WITHDRAWN.iter().filter_map(|key| key.now).chain(LABEL_SCHEMA.iter().map(|(_, new)| *new)) {
            assert!(defined(name).is_some(), "{name}");
        }
    }

    #[test]
    fn names_of_references_follow_the_grammar() {
        for good in ["v1", "v1.0.0-vendor.0", "a--b", "registry.example.com:5000/tools/prose:1.2", "a@b", "a+b"] {
            assert_eq!(reference_name(good), Ok(()), "{good}");
        }
        for (bad, range) in [
            ("", 0..0),
            (".a", 0..1),
            ("a..b", 2..3),
            ("a__b", 2..3),
            ("a---b", 3..4),
            ("a-", 1..2),
            ("a//b", 2..3),
            ("a/", 1..2),
            ("/a", 0..1),
            ("a.-b", 2..3),
        ] {
            assert_eq!(reference_name(bad), Err(range), "{bad}");
        }
    }
}
