//! The entry of an artifact type as `types/<id>/type.yaml` says it: closed objects, camel case keys.
//!
//! Every field's comment is its description in the published schema and on the site.
//! These types hold what a human wrote; what follows from several entries together
//! (order of rules, claims, families) is computed elsewhere on this floor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::predicate::Predicate;

/// Grammar of a type id: kebab case.
pub const ID_PATTERN: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// Whether a text is a type id, of at most 64 characters, and so safe as the name of a folder.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(word)
}

/// An `https` address without user information or white space.
pub const URL_PATTERN: &str = "^https://[^@\\s<>\"'`{}|\\\\^]+$";
/// A year, a month or a day: `2019`, `2019-05`, `2019-05-31`.
const DATE_PATTERN: &str = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";
/// A day: `2019-05-31`.
pub const DAY_PATTERN: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
/// Visible ASCII without spaces; the grammar of RFC 6838 is a rule of its own.
const MEDIA_TYPE_PATTERN: &str = "^[!-~]+$";

/// One entry of the catalog: an artifact type, or a facet that applies besides a type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "OCI artifact type")]
pub struct ArtifactType {
    /// Stable name in kebab case; equals the folder's name and is never reused.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 64))]
    pub id: String,
    /// Whether the entry is a type of its own or a facet, such as a layer format, that applies besides a type.
    #[serde(default, skip_serializing_if = "Kind::is_type")]
    pub kind: Kind,
    /// Name shown to people, at most 40 characters.
    #[schemars(length(min = 1, max = 40))]
    pub title: String,
    /// Short text identifier for listings, at most 16 characters.
    #[schemars(length(min = 1, max = 16))]
    pub label: String,
    /// One line that says what the artifact is, at most 120 characters.
    #[schemars(length(min = 1, max = 120), regex(pattern = "^[^\\n]*$"))]
    pub summary: String,
    /// What a newcomer should know: what it is, when it is met, how it is stored. Markdown without HTML and images.
    #[schemars(length(min = 1, max = 4000))]
    pub description: String,
    /// Other names by which people search for the type, and former ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(length(min = 1, max = 64)), length(max = 20))]
    pub aliases: Vec<String>,
    /// Standing of the type in the world.
    pub status: Status,
    /// Id of the entry that takes the place of a deprecated or withdrawn type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = ID_PATTERN))]
    pub replaced_by: Option<String>,
    /// How well the catalog can prove the entry.
    pub tier: Tier,
    /// When the type was first published: a year, a month or a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = DATE_PATTERN))]
    pub since: Option<String>,
    /// Project or organisation that defines the type.
    pub publisher: Publisher,
    /// Who is asked to review changes of the entry. Without it the maintainers of the catalog are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Owner")]
    pub owner: Option<Owner>,
    /// What the artifact is for, from a controlled vocabulary; the first is the main one.
    #[schemars(length(min = 1, max = 4))]
    pub roles: Vec<Role>,
    /// Id of the more general type, for an answer that is the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = ID_PATTERN))]
    pub is_a: Option<String>,
    /// How the artifact is attached to another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Attachment")]
    pub attaches_to: Option<Attachment>,
    /// How the type is recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Identify")]
    pub identify: Option<Identify>,
    /// What a valid instance looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Structure")]
    pub structure: Option<Structure>,
    /// Media types that earlier versions used, with their successors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_media_types: Vec<FormerMediaType>,
    /// Programs that make, move or use the artifact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// Commands that a user interface may offer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// What a scanner may do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Scanning")]
    pub scanning: Option<Scanning>,
    /// Picture of the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Icon")]
    pub icon: Option<Icon>,
    /// Where to read on.
    pub links: Links,
    /// Registration with IANA, for the media types where it was looked up; registration is never required.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iana: Vec<IanaStatus>,
    /// Proof of every media type that the entry claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Manifests in `examples/` that prove the entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// Dated changes of the entry, newest first; the feed is made of them.
    #[schemars(length(min = 1))]
    pub changes: Vec<Change>,
}

/// What an entry describes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Kind {
    #[default]
    Type,
    Facet,
}

impl Kind {
    /// Whether this is the default, an artifact type.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    #[must_use]
    pub fn is_type(&self) -> bool {
        *self == Self::Type
    }
}

/// Standing of a type: its state, since when, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Status {
    /// `active`: in use. `proposed`: described but not shipped. `deprecated`: still written, should not be. `withdrawn`: no longer written.
    pub state: State,
    /// Since when a deprecated or withdrawn type is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = DATE_PATTERN))]
    pub since: Option<String>,
    /// Why, in one sentence; required unless active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 300))]
    pub reason: Option<String>,
}

/// State of a type in the world.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum State {
    #[default]
    Active,
    Proposed,
    Deprecated,
    Withdrawn,
}

/// How well an entry is proved: `listed` (schema and example hold), `verified` (a source proves each media type),
/// `well-known` (verified, and several independent implementations).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Tier {
    #[default]
    Listed,
    Verified,
    WellKnown,
}

/// Who defines a type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Publisher {
    /// Name of the project or organisation.
    #[schemars(length(min = 1, max = 80))]
    pub name: String,
    /// Its home page.
    #[schemars(regex(pattern = URL_PATTERN), length(max = 2000))]
    pub url: String,
}

/// Who answers for an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Owner {
    /// Name of the person, team or project.
    #[schemars(length(min = 1, max = 80))]
    pub name: String,
    /// Their page.
    #[schemars(regex(pattern = URL_PATTERN), length(max = 2000))]
    pub url: String,
    /// Accounts or teams that review requests go to: `@account` or `@organisation/team`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = "^@[A-Za-z0-9][A-Za-z0-9-]{0,38}(/[A-Za-z0-9._-]+)?$")), length(max = 10))]
    pub contacts: Vec<String>,
}

/// What an artifact is for. A role expands to the list of its types in filters, exports and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Role {
    Image,
    ImageIndex,
    Application,
    Chart,
    Policy,
    Ruleset,
    Wasm,
    Sbom,
    Signature,
    Attestation,
    Provenance,
    VulnerabilityReport,
    Model,
    Package,
    Bundle,
    Module,
    Config,
    Profile,
    Plugin,
    Cache,
    Volume,
    Database,
    Firmware,
    Documentation,
    Metadata,
    LayerFormat,
    Generic,
}

/// How an artifact is attached to another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attachment {
    /// The ways of attaching, the preferred one first.
    #[schemars(length(min = 1))]
    pub by: Vec<AttachedBy>,
    /// Pattern of the tag when attached by tag; `{algorithm}` and `{encoded}` stand for the parts of the subject's digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 128))]
    pub tag: Option<String>,
    /// Ids of the types it is attached to; empty when it may be attached to anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = ID_PATTERN)))]
    pub targets: Vec<String>,
}

/// A way of attaching: `subject` of the manifest, a `tag` derived from the digest, or a sibling in an `index`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum AttachedBy {
    Subject,
    Tag,
    Index,
}

/// How a type is recognised: the first rule that matches decides, in the order computed over all entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identify {
    /// Ids of the base types that this one refines: its rules need context (config blob, tag, parent, children),
    /// and without it the answer is the base with this type among the candidates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = ID_PATTERN)), length(max = 4))]
    pub refines: Vec<String>,
    /// Alternatives, each enough by itself.
    #[schemars(length(min = 1, max = 32))]
    pub rules: Vec<Rule>,
    /// Sub-types that one instance may carry, several at once; reported as a set besides the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subtypes: Vec<Subtype>,
}

/// One way to recognise a type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Whether a match proves the type or only the family of which this entry is the common parent.
    #[serde(default, skip_serializing_if = "Certainty::is_exact")]
    pub certainty: Certainty,
    /// The predicate over the document.
    pub when: Predicate,
    /// What this form is and where it is met, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 200))]
    pub note: Option<String>,
}

/// What a match of a rule proves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Certainty {
    #[default]
    Exact,
    Family,
}

impl Certainty {
    /// Whether this is the default, an exact answer.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    #[must_use]
    pub fn is_exact(&self) -> bool {
        *self == Self::Exact
    }
}

/// A sub-type that one instance may carry besides others, such as a predicate of an attestation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subtype {
    /// Name within the entry, kebab case.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 64))]
    pub id: String,
    /// Name shown to people.
    #[schemars(length(min = 1, max = 60))]
    pub title: String,
    /// The predicate that shows it.
    pub when: Predicate,
}

/// What a valid instance looks like; the linter holds manifests against it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Structure {
    /// Kinds of document in which the type is stored, the usual one first.
    #[schemars(length(min = 1))]
    pub shapes: Vec<Shape>,
    /// The `artifactType` property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ArtifactTypeProperty")]
    pub artifact_type: Option<ArtifactTypeProperty>,
    /// The config descriptor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ConfigPart")]
    pub config: Option<ConfigPart>,
    /// Kinds of layer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<LayerPart>,
    /// Whether layers of other media types may stand beside the listed ones.
    #[serde(default, skip_serializing_if = "Presence::is_forbidden")]
    #[schemars(
        description = "Whether layers that match none of the listed parts may be present: `optional` or `forbidden`."
    )]
    pub other_layers: Presence,
    /// Children of an index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifests: Vec<ChildPart>,
    /// Annotations of the manifest or index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<AnnotationPart>,
    /// Whether the `subject` property is there.
    pub subject: Presence,
}

/// Kind of a document, judged by its body first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Shape {
    OciManifest,
    OciIndex,
    DockerManifest,
    DockerManifestList,
    DockerSchema1,
    OciArtifactManifest,
    OrasArtifactManifest,
}

impl Shape {
    /// All shapes, in the order of their names here.
    pub const ALL: [Self; 7] = [
        Self::OciManifest,
        Self::OciIndex,
        Self::DockerManifest,
        Self::DockerManifestList,
        Self::DockerSchema1,
        Self::OciArtifactManifest,
        Self::OrasArtifactManifest,
    ];

    /// Its spelling in entries and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OciManifest => "oci-manifest",
            Self::OciIndex => "oci-index",
            Self::DockerManifest => "docker-manifest",
            Self::DockerManifestList => "docker-manifest-list",
            Self::DockerSchema1 => "docker-schema1",
            Self::OciArtifactManifest => "oci-artifact-manifest",
            Self::OrasArtifactManifest => "oras-artifact-manifest",
        }
    }
}

/// Whether something must, should, may or must not be there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Presence {
    Required,
    Recommended,
    Optional,
    #[default]
    Forbidden,
}

impl Presence {
    /// Whether this is the default for parts that are not mentioned.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        *self == Self::Forbidden
    }
}

/// The `artifactType` property of a valid instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArtifactTypeProperty {
    /// Whether it is there.
    pub presence: Presence,
    /// Its values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255)))]
    pub media_types: Vec<String>,
}

/// The config of a valid instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigPart {
    /// Media types of the config, the current one first.
    #[schemars(inner(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255)), length(min = 1))]
    pub media_types: Vec<String>,
    /// What the config blob holds, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 300))]
    pub description: Option<String>,
    /// Whether `config.schema.json` beside the entry is the JSON Schema of the config blob.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub schema: bool,
}

/// A kind of layer in a valid instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LayerPart {
    /// Name of the part, kebab case, such as `content` or `provenance`.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 64))]
    pub role: String,
    /// Its media types, the current one first. A final `*` stands for any ending.
    #[schemars(inner(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255)), length(min = 1))]
    pub media_types: Vec<String>,
    /// Fewest layers of this kind.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min: u32,
    /// Most layers of this kind; unbounded when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub max: Option<u32>,
    /// What it holds, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 300))]
    pub description: Option<String>,
    /// Annotations of its descriptor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<AnnotationPart>,
}

/// A kind of child in a valid index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChildPart {
    /// Name of the part, kebab case.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 64))]
    pub role: String,
    /// Media types of the child's descriptor.
    #[schemars(inner(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255)), length(min = 1))]
    pub media_types: Vec<String>,
    /// Values of `artifactType` on the child's descriptor, where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255)))]
    pub artifact_types: Vec<String>,
    /// Fewest children of this kind.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub min: u32,
    /// Most children of this kind; unbounded when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub max: Option<u32>,
    /// What it is, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 300))]
    pub description: Option<String>,
}

/// An annotation of a valid instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnotationPart {
    /// Its key.
    #[schemars(length(min = 1, max = 255))]
    pub key: String,
    /// Whether it must, should or may be there.
    pub presence: Presence,
    /// Regular expression that a value must match as a whole (RE2 syntax, no look-around).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 500))]
    pub pattern: Option<String>,
    /// What it says, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 300))]
    pub description: Option<String>,
}

/// A media type that an earlier version used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormerMediaType {
    /// The former media type.
    #[schemars(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255))]
    pub media_type: String,
    /// Where it stood.
    pub place: Place,
    /// The media type that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255))]
    pub successor: Option<String>,
    /// Version of the tool since which the successor is written, such as `Helm 3.7.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 80))]
    pub since: Option<String>,
    /// What else is known of it, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 300))]
    pub note: Option<String>,
}

/// Where in a document a media type stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Place {
    ArtifactType,
    Config,
    Layer,
    Manifest,
    Child,
}

/// A program that makes, moves or uses the artifact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tool {
    /// Name within the entry, to which actions refer.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 64))]
    pub id: String,
    /// Name shown to people.
    #[schemars(length(min = 1, max = 40))]
    pub title: String,
    /// Home page.
    #[schemars(regex(pattern = URL_PATTERN), length(max = 2000))]
    pub home: String,
    /// Page that says how to install it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub install: Option<String>,
}

/// A command that a user interface may offer, as an argument list and never as a shell string.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Action {
    /// What it does, as a button says it: `Pull`, `Install`, `Verify`.
    #[schemars(length(min = 1, max = 40))]
    pub title: String,
    /// Id of the tool, one of `tools`.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 64))]
    pub tool: String,
    /// The program and its arguments. Each element is literal text or holds exactly one placeholder:
    /// `{reference}` `{location}` `{registry}` `{repository}` `{name}` `{tag}` `{digest}` or a declared input.
    #[schemars(inner(length(min = 1, max = 200)), length(min = 1, max = 40))]
    pub argv: Vec<String>,
    /// What the user must supply besides the reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// Page of the tool's own documentation that shows the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub documentation: Option<String>,
}

/// Something that the user of an action supplies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Input {
    /// Name of the placeholder, kebab case.
    #[schemars(regex(pattern = ID_PATTERN), length(max = 32))]
    pub name: String,
    /// Kind of value.
    pub kind: InputKind,
    /// What it is, in a few words.
    #[schemars(length(min = 1, max = 120))]
    pub description: String,
}

/// Kind of a value that a user supplies: a `file`, a `dir`, or a `name` of letters, digits, `.`, `_` and `-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum InputKind {
    File,
    Dir,
    Name,
}

/// What a scanner may do with an artifact, so that none reports "clean" for what it never looked into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scanning {
    /// Whether a container runtime can run it.
    pub runnable: bool,
    /// As what it can be scanned: an `image`, an `archive`, a `document`, or `none`.
    #[serde(rename = "as")]
    pub scan_as: ScanAs,
    /// Scanners known to look into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scanners: Vec<Scanner>,
    /// What a scanner finds inside, or why it finds nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 300))]
    pub note: Option<String>,
}

/// As what an artifact can be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum ScanAs {
    Image,
    Archive,
    Document,
    None,
}

/// A scanner that knows a type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scanner {
    /// Name of the scanner.
    #[schemars(length(min = 1, max = 40))]
    pub name: String,
    /// Page that shows it.
    #[schemars(regex(pattern = URL_PATTERN), length(max = 2000))]
    pub url: String,
}

/// Picture of a type. Removing it never breaks an entry: a glyph of its main role stands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Icon {
    /// `icon.svg` beside the entry, with its terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "IconFile")]
    pub file: Option<IconFile>,
    /// The project's own mark, linked and not copied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Mark")]
    pub mark: Option<Mark>,
}

/// Terms of `icon.svg`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IconFile {
    /// SPDX licence identifier of the file.
    #[schemars(regex(pattern = "^[A-Za-z0-9][A-Za-z0-9.+-]*$"), length(max = 64))]
    pub licence: String,
    /// Who drew it and from where it comes, in one line.
    #[schemars(length(min = 1, max = 200))]
    pub provenance: String,
}

/// A project's own mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mark {
    /// Permanent link to the picture.
    #[schemars(regex(pattern = URL_PATTERN), length(max = 2000))]
    pub url: String,
    /// Licence or trademark terms, in one line.
    #[schemars(length(min = 1, max = 200))]
    pub terms: String,
    /// Guideline for its use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub guideline: Option<String>,
}

/// Where to read on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Links {
    /// Home page of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub home: Option<String>,
    /// Specification of the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub specification: Option<String>,
    /// Documentation for users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub documentation: Option<String>,
    /// Source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub source: Option<String>,
}

/// Registration of a media type with IANA.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IanaStatus {
    /// The media type.
    #[schemars(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255))]
    pub media_type: String,
    /// Whether it is registered.
    pub registered: bool,
    /// The registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub link: Option<String>,
}

/// Proof of media types: a file of a repository at a fixed revision, or a section of a specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    /// Media types that it proves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = MEDIA_TYPE_PATTERN), length(max = 255)))]
    pub media_types: Vec<String>,
    /// What it shows, in one line.
    #[schemars(length(min = 1, max = 300))]
    pub fact: String,
    /// Address of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub repository: Option<String>,
    /// Path of the file within the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 400))]
    pub path: Option<String>,
    /// Commit (40 hexadecimal digits) or release tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[0-9A-Za-z][0-9A-Za-z._/+-]{0,99}$"))]
    pub revision: Option<String>,
    /// Address of a specification or document that has no repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = URL_PATTERN), length(max = 2000))]
    pub specification: Option<String>,
    /// Section of the specification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 120))]
    pub section: Option<String>,
}

/// A manifest in `examples/` with the answer it must get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Example {
    /// File name in `examples/`.
    #[schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*\\.json$"), length(max = 64))]
    pub file: String,
    /// What it shows, in one line.
    #[schemars(length(min = 1, max = 120))]
    pub title: String,
    /// Context that the caller has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ExampleContext")]
    pub context: Option<ExampleContext>,
    /// The answer, when it is another one than exactly this entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Expectation")]
    pub expect: Option<Expectation>,
    /// Rules over documents that this form breaks because the tool that writes it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), length(max = 64)))]
    pub breaks: Vec<String>,
}

/// Context of an example: what its caller has besides the document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExampleContext {
    /// The tag that led to the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 128))]
    pub tag: Option<String>,
    /// File in `examples/` with the config blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*\\.json$"), length(max = 64))]
    pub config: Option<String>,
    /// File in `examples/` with the descriptor that the parent index holds for the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*\\.json$"), length(max = 64))]
    pub parent: Option<String>,
    /// Files in `examples/` with the manifests of the index's children.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*\\.json$"), length(max = 64)))]
    pub children: Vec<String>,
}

/// The answer that an example must get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expectation {
    /// Id of the type; absent when the answer is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "type")]
    #[schemars(with = "String", regex(pattern = ID_PATTERN))]
    pub type_id: Option<String>,
    /// Certainty of the answer.
    pub certainty: ExpectedCertainty,
}

/// Certainty of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum ExpectedCertainty {
    Exact,
    Family,
    Unknown,
}

/// A dated change of an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// The day.
    #[schemars(regex(pattern = DAY_PATTERN))]
    pub date: String,
    /// What changed, in one sentence.
    #[schemars(length(min = 1, max = 300))]
    pub change: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_and_name_no_other_folder() {
        assert!(is_id("helm-chart"));
        for bad in ["../x", "", "A", "a--b", "-a", &"a".repeat(65)] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
