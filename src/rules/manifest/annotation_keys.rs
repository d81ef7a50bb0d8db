//! Keys of annotations: which there are, which are reserved, which are misspelt.

use super::lint::{Lint, show};
use super::parts::{Descriptor, Document, Kind, Role};
use crate::finding::{Rule, declare_rule};
use crate::oci::annotations::{self, Purpose};
use crate::oci::well_known as known;
use crate::source::tape::{Json, Kind as JsonKind};

declare_rule! {
    /// Annotations are not an object.
    ///
    /// ## Why
    /// Annotations map keys to values. Clients that decode them as a map refuse the whole document.
    ///
    /// ## Reported
    /// ```json reported
    /// { "annotations": ["com.example.stage=test"] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "annotations": { "com.example.stage": "test" } }
    /// ```
    ///
    /// ## How to fix
    /// Write an object whose members are the annotations.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)
    pub static ANNOTATIONS_MAP = { id: "annotations-map", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// Annotations are `null`.
    ///
    /// ## Why
    /// Without annotations the property is absent or an empty object. Decoders in Go take `null` for that too, strict ones
    /// refuse it.
    ///
    /// ## Reported
    /// ```json reported
    /// { "annotations": null }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "annotations": {} }
    /// ```
    ///
    /// ## How to fix
    /// Remove `annotations`, or write `{}`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)
    pub static ANNOTATIONS_NULL = { id: "annotations-null", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The value of an annotation is not a string.
    ///
    /// ## Why
    /// Clients decode annotations as a map from strings to strings. A number or a boolean among the values makes them
    /// refuse the whole document, not just the annotation.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "com.example.build": 42 }
    /// ```
    ///
    /// ## Accepted
    /// An empty string is a value too.
    ///
    /// ```json accepted annotations
    /// { "com.example.build": "42", "com.example.note": "" }
    /// ```
    ///
    /// ## How to fix
    /// Write the value in quotes. An object or an array can be written as JSON in a string.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)
    pub static ANNOTATIONS_STRING_VALUES = { id: "annotations-string-values", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The key of an annotation is empty.
    ///
    /// ## Why
    /// Nobody can ask for such an annotation by its name, and tools that print `key=value` print half a line. Mostly it
    /// is a variable of a build script that had no value.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "": "test" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "com.example.stage": "test" }
    /// ```
    ///
    /// ## How to fix
    /// Give the annotation a key, or remove it.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)
    pub static ANNOTATION_KEY_EMPTY = { id: "annotation-key-empty", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// The key of an annotation has no namespace.
    ///
    /// ## Why
    /// Keys such as `name` or `version` mean something else to every tool that reads the document. The domain of the
    /// author, written backwards, keeps keys of different authors apart. All such keys of a document are one finding.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "stage": "test" }
    /// ```
    ///
    /// ## Accepted
    /// Any prefix that keeps keys apart, also a domain written forwards, or a name before a slash.
    ///
    /// ```json accepted annotations
    /// {
    ///   "com.example.stage": "test",
    ///   "in-toto.io/predicate-type": "https://slsa.dev/provenance/v1",
    ///   "vnd.docker.reference.type": "attestation-manifest",
    ///   "buildkit/rewritten-timestamp": "0"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Put a domain of yours before the key: `com.example.stage`. For what `org.opencontainers.image` has a key, use that.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)
    pub static ANNOTATIONS_KEY_REVERSE_DOMAIN = { id: "annotations-key-reverse-domain", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A key under `org.opencontainers` is not one of an OCI specification.
    ///
    /// ## Why
    /// The prefix is reserved: a later specification may give the key another meaning, and readers believe that one
    /// already has. A key that stands in many places is reported once.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.stage": "test" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "com.example.stage": "test" }
    /// ```
    ///
    /// ## How to fix
    /// Put a domain of yours before the key.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules)
    pub static ANNOTATIONS_RESERVED_PREFIX = { id: "annotations-reserved-prefix", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A key under `org.opencontainers.image` is not one of the image specification.
    ///
    /// ## Why
    /// The namespace is reserved for the image specification: a later release may give the key another meaning, and no
    /// client looks for it now. A key that stands in many places is reported once.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.stage": "test" }
    /// ```
    ///
    /// ## Accepted
    /// Also the keys of encrypted layers. They come from a proposal to the specification, and no encrypted image can do
    /// without them.
    ///
    /// ```json accepted annotations
    /// { "com.example.stage": "test", "org.opencontainers.image.enc.pubopts": "e30=" }
    /// ```
    ///
    /// ## How to fix
    /// Put a domain of yours before the key.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, rules](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules),
    /// [proposal for encrypted layers](https://github.com/opencontainers/image-spec/pull/775)
    pub static ANNOTATIONS_RESERVED_IMAGE_NAMESPACE = { id: "annotations-reserved-image-namespace", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A key is nearly one that the image specification defines.
    ///
    /// ## Why
    /// Clients look for keys letter by letter. The misspelt annotation is kept, shown to nobody, and missed by whoever
    /// looks for the right one. A key that stands in many places is reported once.
    ///
    /// ## Reported
    /// Also `org.opencontainers.image.author`: it is defined, but for the configurations of runtimes.
    ///
    /// ```json reported annotations
    /// { "org.opencontainers.image.license": "MIT" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "MIT" }
    /// ```
    ///
    /// ## How to fix
    /// Write the key as the specification does.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)
    pub static ANNOTATION_KEY_NEAR_MISS = { id: "annotation-key-near-miss", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A key is one that only a draft of the image specification had.
    ///
    /// ## Why
    /// The released specifications do not know it, so clients do not look for it. An artifact manifest of the draft is not
    /// reported for the keys of that draft. A key that stands in many places is reported once.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.artifact.description": "A sample." }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.description": "A sample." }
    /// ```
    ///
    /// ## How to fix
    /// Use the key of the released specification.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys);
    /// the drafts [1.1.0-rc2](https://github.com/opencontainers/image-spec/blob/v1.1.0-rc2/annotations.md#pre-defined-annotation-keys)
    /// and [1.0.0-rc5](https://github.com/opencontainers/image-spec/blob/v1.0.0-rc5/annotations.md#pre-defined-annotation-keys)
    pub static ANNOTATION_WITHDRAWN_KEY = { id: "annotation-withdrawn-key", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An annotation of a document is one that is meant for the configuration of a runtime.
    ///
    /// ## Why
    /// When an image is turned into a bundle, keys such as `org.opencontainers.image.os` are filled from its config, not
    /// from the annotations of its manifest. On a manifest they say what clients read elsewhere. A key that stands in many
    /// places is reported once.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.architecture": "arm64" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.version": "1.0.0" }
    /// ```
    ///
    /// ## How to fix
    /// Say it in the config of the image or in the `platform` of an index entry, and remove the annotation.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, conversion.md, annotation fields](https://github.com/opencontainers/image-spec/blob/v1.1.1/conversion.md#annotation-fields)
    pub static ANNOTATION_IMPLICIT_CONFIG_KEY = { id: "annotation-implicit-config-key", level: Info, since: "0.1.0", subject: Manifest, opt_in: true }
}

declare_rule! {
    /// A key of Label Schema stands without the OCI key that superseded it.
    ///
    /// ## Why
    /// Label Schema is no longer maintained, and clients need not look for its keys. A key that stands in many places is
    /// reported once.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.label-schema.vendor": "Example" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.label-schema.vendor": "Example", "org.opencontainers.image.vendor": "Example" }
    /// ```
    ///
    /// ## How to fix
    /// Use the OCI key, or add it for the clients that know no other.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, Label Schema](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#back-compatibility-with-label-schema)
    pub static ANNOTATION_LABEL_SCHEMA_SUPERSEDED = { id: "annotation-label-schema-superseded", level: Info, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A key of Label Schema and the OCI key that superseded it contradict each other.
    ///
    /// ## Why
    /// Old clients read the one, new clients the other: two users see two versions, sources or vendors.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.label-schema.vendor": "Example", "org.opencontainers.image.vendor": "Another" }
    /// ```
    ///
    /// ## Accepted
    /// Also two spellings of the same thing, such as a short and a long commit.
    ///
    /// ```json accepted annotations
    /// {
    ///   "org.label-schema.vcs-ref": "1a2b3c4",
    ///   "org.opencontainers.image.revision": "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Give both the same value, or remove the one of Label Schema.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, Label Schema](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#back-compatibility-with-label-schema)
    pub static ANNOTATION_LABEL_SCHEMA_CONFLICT = { id: "annotation-label-schema-conflict", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A name of a reference stands where nobody looks for it.
    ///
    /// ## Why
    /// `org.opencontainers.image.ref.name` only counts on the entries of an image layout's `index.json`. On a manifest,
    /// on an index itself, on a config, layer or subject it names nothing.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.ref.name": "v1.0" }
    /// ```
    ///
    /// ## Accepted
    /// The entries of any index, because it may be the `index.json` of a layout.
    ///
    /// ```json accepted
    /// { "manifests": [{ "annotations": { "org.opencontainers.image.ref.name": "v1.0" } }] }
    /// ```
    ///
    /// ## How to fix
    /// Remove it. In a registry, a tag names the document; for a version there is `org.opencontainers.image.version`.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)
    pub static ANNOTATION_REF_NAME_PLACEMENT = { id: "annotation-ref-name-placement", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A name of a reference has a character that such names do not have.
    ///
    /// ## Why
    /// Clients that read a layout take the name for a tag or a reference. They refuse it, or can not find the entry by it.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [{ "annotations": { "org.opencontainers.image.ref.name": "1.0~beta" } }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "manifests": [{ "annotations": { "org.opencontainers.image.ref.name": "registry.example.com/app:1.0-beta" } }] }
    /// ```
    ///
    /// ## How to fix
    /// Use letters and digits of ASCII, and `-`, `.`, `_`, `:`, `@`, `/` and `+` between them.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)
    pub static ANNOTATION_REF_NAME_CHARSET = { id: "annotation-ref-name-charset", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A name of a reference breaks the grammar of such names.
    ///
    /// ## Why
    /// Clients that read a layout take the name for a tag or a reference. They refuse it, or can not find the entry by it.
    ///
    /// ## Reported
    /// ```json reported
    /// { "manifests": [{ "annotations": { "org.opencontainers.image.ref.name": "1.0..2" } }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted
    /// { "manifests": [{ "annotations": { "org.opencontainers.image.ref.name": "1.0--2" } }] }
    /// ```
    ///
    /// ## How to fix
    /// Begin and end with a letter or digit, and put one separator, or `--`, between two words.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys)
    pub static ANNOTATION_REF_NAME_GRAMMAR = { id: "annotation-ref-name-grammar", level: Warning, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &ANNOTATIONS_KEY_REVERSE_DOMAIN,
    &ANNOTATIONS_MAP,
    &ANNOTATIONS_NULL,
    &ANNOTATIONS_RESERVED_IMAGE_NAMESPACE,
    &ANNOTATIONS_RESERVED_PREFIX,
    &ANNOTATIONS_STRING_VALUES,
    &ANNOTATION_IMPLICIT_CONFIG_KEY,
    &ANNOTATION_KEY_EMPTY,
    &ANNOTATION_KEY_NEAR_MISS,
    &ANNOTATION_LABEL_SCHEMA_CONFLICT,
    &ANNOTATION_LABEL_SCHEMA_SUPERSEDED,
    &ANNOTATION_REF_NAME_CHARSET,
    &ANNOTATION_REF_NAME_GRAMMAR,
    &ANNOTATION_REF_NAME_PLACEMENT,
    &ANNOTATION_WITHDRAWN_KEY,
];

/// What was said about the annotations of a document: no key twice, and of each rule not more than a reader takes in.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    of: Vec<(&'static str, &'a str)>,
    /// Keys without a namespace: they are one finding.
    plain: Vec<Json<'a>>,
    /// How often a near key was looked for.
    looks: usize,
}

impl<'a> Said<'a> {
    /// Whether a rule still speaks; it is asked once for each finding.
    pub(super) fn more(&mut self, rule: &'static Rule) -> bool {
        const MOST: usize = 100;
        let room = self.of.iter().filter(|(id, _)| *id == rule.id).count() < MOST;
        if room {
            self.of.push((rule.id, ""));
        }
        room
    }

    /// The key that was probably meant. Documents with very many odd keys are not worth the search.
    fn near(&mut self, key: &str) -> Option<&'static str> {
        const MOST: usize = 1000;
        self.looks += 1;
        if self.looks > MOST { None } else { near(key) }
    }

    /// Whether something was said about a key.
    fn knows(&self, key: &str) -> bool {
        self.of.iter().any(|(_, known)| *known == key)
    }

    /// Whether a rule still speaks, and has not spoken of this key yet.
    pub(super) fn first(&mut self, rule: &'static Rule, key: &'a str) -> bool {
        if self.of.contains(&(rule.id, key)) || !self.more(rule) {
            return false;
        }
        if let Some(last) = self.of.last_mut() {
            last.1 = key;
        }
        true
    }
}

pub(super) fn check<'a>(lint: &mut Lint<'a>, document: &Document<'a>) {
    if document.docker {
        return;
    }
    let mut said = Said::default();
    for (descriptor, found) in document.annotated() {
        match found.kind() {
            JsonKind::Object => {
                for member in found.members() {
                    entry(lint, document, descriptor, member, &mut said);
                }
            }
            JsonKind::Null if said.more(&ANNOTATIONS_NULL) => {
                lint.value(&ANNOTATIONS_NULL, found, "the annotations are null")
                    .help("remove `annotations`, or write `{}`")
                    .done();
            }
            JsonKind::Null => {}
            _ if said.more(&ANNOTATIONS_MAP) => {
                lint.value(
                    &ANNOTATIONS_MAP,
                    found,
                    format!("the annotations are {}, not an object", found.kind_name()),
                )
                .help("write an object of keys and strings")
                .done();
            }
            _ => {}
        }
    }
    plain_keys(lint, &said.plain);
}

fn entry<'a>(
    lint: &mut Lint<'a>,
    document: &Document<'a>,
    descriptor: Option<&Descriptor<'a>>,
    member: Json<'a>,
    said: &mut Said<'a>,
) {
    let key = member.key();
    if member.as_str().is_none() && said.more(&ANNOTATIONS_STRING_VALUES) {
        let message = format!("the value of `{}` is {}, not a string", show(key), member.kind_name());
        let help = match member.kind() {
            JsonKind::Number | JsonKind::Bool => format!("write `\"{}\"`", show(member.written())),
            JsonKind::Null => "remove the annotation, or write `\"\"`".to_owned(),
            _ => "write it as JSON in a string".to_owned(),
        };
        lint.value(&ANNOTATIONS_STRING_VALUES, member, message).help(help).done();
    }
    if key.is_empty() {
        if said.more(&ANNOTATION_KEY_EMPTY) {
            lint.key(&ANNOTATION_KEY_EMPTY, member, "the key is empty").help("give it a key, or remove it").done();
        }
        return;
    }
    // What is wrong with other characters is not the name.
    if !key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return;
    }
    if let Some(defined) = annotations::defined(key) {
        if key == annotations::REF_NAME {
            reference_name(lint, document, descriptor, member, said);
        }
        if defined.purpose == Purpose::Runtime {
            runtime_key(lint, member, said);
        }
    } else if annotations::is_reserved(key) {
        reserved(lint, document, descriptor, member, said);
    } else if let Some(successor) = annotations::successor(key) {
        label_schema(lint, member, successor, said);
    } else if let Some(near) = near(key) {
        near_miss(lint, member, near, said);
    } else if !key.contains(['.', '/']) && said.first(&ANNOTATIONS_KEY_REVERSE_DOMAIN, key) {
        said.plain.push(member);
    }
}

/// Reports the keys without a namespace; who wrote one wrote them all.
fn plain_keys<'a>(lint: &mut Lint<'a>, keys: &[Json<'a>]) {
    let Some((first, others)) = keys.split_first() else { return };
    let key = show(first.key());
    let message = match others {
        [] => format!("the key `{key}` has no namespace"),
        [one] => format!("the keys `{key}` and `{}` have no namespace", show(one.key())),
        more => format!("the key `{key}` and {} others have no namespace", more.len()),
    };
    let found = lint
        .key(&ANNOTATIONS_KEY_REVERSE_DOMAIN, *first, message)
        .help(format!("put a domain of yours before it, such as `com.example.{key}`"));
    others.iter().fold(found, |found, other| found.related_key(*other, "nor has this one")).done();
}

/// A key that belongs to the OCI specifications, and that none of them has.
fn reserved<'a>(
    lint: &mut Lint<'a>,
    document: &Document<'a>,
    descriptor: Option<&Descriptor<'a>>,
    member: Json<'a>,
    said: &mut Said<'a>,
) {
    let key = member.key();
    if key.starts_with(annotations::ENCRYPTION) || said.knows(key) {
        return;
    }
    if let Some(withdrawn) = annotations::withdrawn(key) {
        // A document of the draft has the keys of the draft.
        let draft = withdrawn.last.starts_with("1.1")
            && descriptor.map_or(document.kind == Kind::ArtifactManifest, |descriptor| {
                descriptor.media_type() == Some(known::OCI_ARTIFACT_MANIFEST)
            });
        if !draft && said.first(&ANNOTATION_WITHDRAWN_KEY, key) {
            let message = format!("`{key}` was only in drafts of image-spec, the last was {}", withdrawn.last);
            let help = withdrawn.now.map_or_else(|| "remove it".to_owned(), |now| format!("write `{now}`"));
            lint.key(&ANNOTATION_WITHDRAWN_KEY, member, message).help(help).done();
        }
    } else if let Some(near) = said.near(key) {
        near_miss(lint, member, near, said);
    } else {
        let image = key.starts_with(annotations::IMAGE) || key == annotations::IMAGE.trim_end_matches('.');
        let (rule, whose) = if image {
            (&ANNOTATIONS_RESERVED_IMAGE_NAMESPACE, "the image specification does not define")
        } else {
            (&ANNOTATIONS_RESERVED_PREFIX, "no OCI specification defines")
        };
        if said.first(rule, key) {
            lint.key(rule, member, format!("{whose} `{}`", show(key)))
                .help("put a domain of yours before it instead of `org.opencontainers`")
                .done();
        }
    }
}

fn near_miss<'a>(lint: &mut Lint<'a>, member: Json<'a>, near: &str, said: &mut Said<'a>) {
    let key = member.key();
    if said.first(&ANNOTATION_KEY_NEAR_MISS, key) {
        lint.key(&ANNOTATION_KEY_NEAR_MISS, member, format!("no specification defines `{}`", show(key)))
            .help(format!("did you mean `{near}`?"))
            .done();
    }
}

/// A key that is defined, but for runtimes.
fn runtime_key<'a>(lint: &mut Lint<'a>, member: Json<'a>, said: &mut Said<'a>) {
    let key = member.key();
    if key == "org.opencontainers.image.author" {
        // The one letter that is missing decides who finds it.
        if said.first(&ANNOTATION_KEY_NEAR_MISS, key) {
            lint.key(&ANNOTATION_KEY_NEAR_MISS, member, format!("`{key}` is for the configurations of runtimes"))
                .help("did you mean `org.opencontainers.image.authors`?")
                .done();
        }
    } else if lint.wants(&ANNOTATION_IMPLICIT_CONFIG_KEY) && said.first(&ANNOTATION_IMPLICIT_CONFIG_KEY, key) {
        lint.key(&ANNOTATION_IMPLICIT_CONFIG_KEY, member, format!("`{key}` is for the configurations of runtimes"))
            .help("say it in the config or the platform")
            .done();
    }
}

fn label_schema<'a>(lint: &mut Lint<'a>, member: Json<'a>, successor: &str, said: &mut Said<'a>) {
    let key = member.key();
    let Some(new) = member.parent().and_then(|annotations| annotations.get(successor)) else {
        // How something is used is only a URL when it is one.
        let fits = !key.ends_with(".usage") || member.as_str().is_some_and(is_url);
        if fits && said.first(&ANNOTATION_LABEL_SCHEMA_SUPERSEDED, key) {
            lint.key(&ANNOTATION_LABEL_SCHEMA_SUPERSEDED, member, format!("`{key}` of Label Schema is superseded"))
                .help(format!("write `{successor}`"))
                .done();
        }
        return;
    };
    if let Some((old_text, new_text)) = member.as_str().zip(new.as_str())
        && !agree(key, old_text, new_text)
        && said.more(&ANNOTATION_LABEL_SCHEMA_CONFLICT)
    {
        let message = format!("`{}` contradicts `{}` of `{successor}`", show(old_text), show(new_text));
        lint.value(&ANNOTATION_LABEL_SCHEMA_CONFLICT, member, message)
            .help("give both the same value, or remove the one of Label Schema")
            .related(new, "the key that superseded it")
            .done();
    }
}

/// Whether the values of a key of Label Schema and of its successor say the same.
fn agree(key: &str, old: &str, new: &str) -> bool {
    if old == new {
        return true;
    }
    match key.strip_prefix(annotations::LABEL_SCHEMA_PREFIX) {
        // Text that is no URL has no place under the other key.
        Some("usage") => !is_url(old),
        // Builds ask for the time twice.
        Some("build-date") => old.get(..10) == new.get(..10),
        Some("vcs-ref") => old.len().min(new.len()) >= 7 && (old.starts_with(new) || new.starts_with(old)),
        Some("version") => old.trim_start_matches('v') == new.trim_start_matches('v'),
        Some("url" | "vcs-url") => bare_url(old) == bare_url(new),
        _ => false,
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A URL without the ends in which two of the same place differ.
fn bare_url(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    url.strip_suffix(".git").unwrap_or(url)
}

fn reference_name<'a>(
    lint: &mut Lint<'a>,
    document: &Document<'a>,
    descriptor: Option<&Descriptor<'a>>,
    member: Json<'a>,
    said: &mut Said<'a>,
) {
    let place = match descriptor.map(|descriptor| descriptor.role) {
        Some(Role::Child) => None,
        Some(Role::Config) => Some("a config"),
        Some(Role::Layer) => Some("a layer"),
        Some(Role::Blob) => Some("a blob"),
        Some(Role::Subject) => Some("a subject"),
        None if document.kind == Kind::Index => Some("an index itself"),
        None => Some("a manifest itself"),
    };
    if let Some(place) = place {
        if said.more(&ANNOTATION_REF_NAME_PLACEMENT) {
            let message = format!("`{}` says nothing on {place}", annotations::REF_NAME);
            lint.key(&ANNOTATION_REF_NAME_PLACEMENT, member, message)
                .help("remove it; it only counts on the entries of the `index.json` of an image layout")
                .done();
        }
        return;
    }
    let Some(text) = member.as_str() else { return };
    let odd = |c: char| !c.is_ascii_alphanumeric() && !"-._:@/+".contains(c);
    if let Some((at, c)) = text.char_indices().find(|(_, c)| odd(*c)) {
        if said.more(&ANNOTATION_REF_NAME_CHARSET) {
            let message = format!("`{}` may not stand in the name of a reference", show(c.encode_utf8(&mut [0; 4])));
            lint.within(&ANNOTATION_REF_NAME_CHARSET, member, at..at + c.len_utf8(), message)
                .help("use letters, digits, and `-`, `.`, `_`, `:`, `@`, `/`, `+` between them")
                .done();
        }
    } else if let Err(range) = annotations::reference_name(text)
        && said.more(&ANNOTATION_REF_NAME_GRAMMAR)
    {
        let message = match text.get(range.clone()) {
            None | Some("") => "the name of the reference is empty".to_owned(),
            Some(separator) => format!("`{separator}` does not stand between two words in `{}`", show(text)),
        };
        lint.within(&ANNOTATION_REF_NAME_GRAMMAR, member, range, message)
            .help("put one separator, or `--`, between two words of letters and digits")
            .done();
    }
}

/// The key of image-spec that was probably meant by one that is not defined.
pub(super) fn near(key: &str) -> Option<&'static str> {
    const LONGEST: usize = 64;
    if key.len() > LONGEST {
        return None;
    }
    let names = || annotations::DEFINED.iter().filter(|key| key.purpose == Purpose::Documents).map(|key| key.name);
    let named = |last: &str| names().find(|name| name.strip_prefix(annotations::IMAGE) == Some(last));
    if !key.contains("opencontainers") && !key.contains("OpenContainers") {
        // One letter of the prefix is wrong.
        let (before, last) = key.split_once(".image.")?;
        let like = before.len().abs_diff(annotations::OCI.len()) <= 1;
        return named(last).filter(|_| like && strsim::osa_distance(before, annotations::OCI) == 1);
    }
    let key = key.to_ascii_lowercase();
    // Another prefix, or none; not the keys of somebody who has the word further behind.
    if let Some((before, after)) = key.split_once("opencontainers.")
        && (before.is_empty() || before.find('.') == Some(before.len() - 1))
        && let Some(name) = named(after.strip_prefix("image.").unwrap_or(after))
    {
        return Some(name);
    }
    // In the namespace of image-spec a long name may have two mistakes, elsewhere one letter decides.
    let allowed = |name: &str| {
        let last = name.len() - annotations::IMAGE.len();
        1 + usize::from(last >= 8 && key.starts_with(annotations::IMAGE))
    };
    names()
        .filter(|name| name.len().abs_diff(key.len()) <= 2)
        .map(|name| (strsim::osa_distance(&key, name), name))
        .filter(|(distance, name)| *distance <= allowed(name))
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_keys_have_a_near_one() {
        for (key, last) in [
            ("oci.opencontainers.image.created", "created"),
            ("opencontainers.image.created", "created"),
            ("com.opencontainers.image.title", "title"),
            ("org.opencontainers.title", "title"),
            ("org.opencontainers.image.license", "licenses"),
            ("org.opencontainers.image.lisences", "licenses"),
            ("org.opencontainers.image.Title", "title"),
            ("org.OpenContainers.Image.Title", "title"),
            ("org.opencontaners.image.title", "title"),
            ("org.opencontainers.images.title", "title"),
            ("org.opencontainers.image.discription", "description"),
            ("org.opencontainers.image.uri", "url"),
            ("org.opencontainers.image.title ", "title"),
            ("org.opencontainers.image.refname", "ref.name"),
        ] {
            assert_eq!(near(key).and_then(|near| near.strip_prefix(annotations::IMAGE)), Some(last), "{key}");
        }
        for key in [
            "com.example.title",
            "io.github.opencontainers.image.title",
            "dev.tekton.image.name",
            "org.unikraft.image.created",
            "org.opencontainers.image.stage",
            "org.opencontainers.image.resource",
            "org.opencontainers.conformance",
            "org.opencontainers.artifactType",
            "org.containers.image.title",
            "com.docker.image.source.entrypoint",
        ] {
            assert_eq!(near(key), None, "{key}");
        }
    }

    #[test]
    fn values_agree_that_say_the_same() {
        for (key, old, new, same) in [
            ("vendor", "a", "a", true),
            ("vendor", "a", "b", false),
            ("usage", "run it", "https://example.com", true),
            ("usage", "https://example.org", "https://example.com", false),
            ("build-date", "2024-05-01T00:00:01Z", "2024-05-01T00:00:00Z", true),
            ("build-date", "2024-05-01T00:00:00Z", "2024-06-01T00:00:00Z", false),
            ("vcs-ref", "1a2b3c4", "1a2b3c4d5e", true),
            ("vcs-ref", "1a2b", "1a2b3c4d5e", false),
            ("version", "v1.0", "1.0", true),
            ("vcs-url", "https://example.com/a.git", "https://example.com/a", true),
            ("url", "https://example.com/", "https://example.com", true),
        ] {
            assert_eq!(agree(&format!("org.label-schema.{key}"), old, new), same, "{key}: {old} and {new}");
        }
    }
}
