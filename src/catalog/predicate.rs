//! The language in which entries say how a type is recognised.
//!
//! One grammar serves `type.yaml`, `mediaTypeMappings.json` and every export: an object that has exactly one of
//! `all`, `any`, `not`, `field`, `layers`, `manifests`, `children`. What a predicate means is defined once, in
//! [`crate::identify`]; this file is only its form.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A statement about a document, a descriptor or the context, true or false.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// True when every part is; never empty.
    All(Vec<Predicate>),
    /// True when some part is; never empty.
    Any(Vec<Predicate>),
    /// True when the part is not.
    Not(Box<Predicate>),
    /// A test of one value.
    Test(Test),
    /// A statement about the members of a list.
    Each(Each),
}

/// A test of one value. A value that is absent, or that says nothing, passes no test but `present: false`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Test {
    /// Which value.
    pub field: Field,
    /// Key of an annotation, or JSON pointer into the config blob; for the fields that need one.
    pub key: Option<String>,
    /// What must hold of it.
    pub condition: Condition,
}

/// What must hold of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The value is this one.
    Equals(Scalar),
    /// The value is one of these; never empty.
    OneOf(Vec<Scalar>),
    /// The value begins with this text, and is longer or equal.
    Prefix(String),
    /// The value is there, or is not.
    Present(bool),
}

/// A value of a test: text, or a count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Scalar {
    /// Text, or a media type in lower case without parameters.
    Text(String),
    /// A number of bytes or members.
    Number(u64),
}

/// A statement about the members of a list; an empty or absent list passes none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Each {
    /// Which list.
    pub list: List,
    /// Which of its members.
    pub quantifier: Quantifier,
    /// What must hold of them.
    pub predicate: Box<Predicate>,
}

/// A list that predicates look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// Descriptors in `layers` of a manifest (`blobs` of an artifact manifest).
    Layers,
    /// Descriptors in `manifests` of an index.
    Manifests,
    /// Documents of an index's children, which only the context has.
    Children,
}

/// Which members of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// Every one, and there is one.
    All,
    /// The first.
    First,
}

/// A value that a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Field {
    /// Kind of the document, judged by its body first.
    #[serde(rename = "shape")]
    Shape,
    /// `mediaType` of the document or descriptor.
    #[serde(rename = "mediaType")]
    MediaType,
    /// `artifactType` of the document or descriptor; placeholders count as absent.
    #[serde(rename = "artifactType")]
    ArtifactType,
    /// `size` of the descriptor, in bytes.
    #[serde(rename = "size")]
    Size,
    /// `digest` of the descriptor.
    #[serde(rename = "digest")]
    Digest,
    /// Annotation `key` of the document or descriptor.
    #[serde(rename = "annotations")]
    Annotations,
    /// Media type of the config; the empty type counts as absent.
    #[serde(rename = "config.mediaType")]
    ConfigMediaType,
    /// `artifactType` as written, when it is a placeholder that says nothing.
    #[serde(rename = "placeholder.artifactType")]
    PlaceholderArtifactType,
    /// Media type of the config as written, when it is a placeholder that says nothing.
    #[serde(rename = "placeholder.config.mediaType")]
    PlaceholderConfigMediaType,
    /// Size of the config in bytes.
    #[serde(rename = "config.size")]
    ConfigSize,
    /// Digest of the config.
    #[serde(rename = "config.digest")]
    ConfigDigest,
    /// Annotation `key` of the config's descriptor.
    #[serde(rename = "config.annotations")]
    ConfigAnnotations,
    /// Media type of the subject's descriptor; `present` tells whether there is a subject.
    #[serde(rename = "subject")]
    Subject,
    /// Number of layers.
    #[serde(rename = "layers.count")]
    LayersCount,
    /// Number of children.
    #[serde(rename = "manifests.count")]
    ManifestsCount,
    /// Operating system in the descriptor's platform.
    #[serde(rename = "platform.os")]
    PlatformOs,
    /// Architecture in the descriptor's platform.
    #[serde(rename = "platform.architecture")]
    PlatformArchitecture,
    /// Operating system features in the descriptor's platform; a test holds when it holds of one of them.
    #[serde(rename = "platform.os.features")]
    PlatformOsFeatures,
    /// The tag that led to the document.
    #[serde(rename = "context.tag")]
    ContextTag,
    /// The value at the JSON pointer `key` in the config blob, as text.
    #[serde(rename = "context.config")]
    ContextConfig,
    /// `artifactType` of the descriptor that the parent index holds.
    #[serde(rename = "context.parent.artifactType")]
    ContextParentArtifactType,
    /// Annotation `key` of the descriptor that the parent index holds.
    #[serde(rename = "context.parent.annotations")]
    ContextParentAnnotations,
    /// Operating system in the platform that the parent index gives; `present` tells whether it gives a platform.
    #[serde(rename = "context.parent.platform.os")]
    ContextParentPlatformOs,
}

impl Field {
    /// Every field, in the order of the grammar.
    pub const ALL: [Self; 23] = [
        Self::Shape,
        Self::MediaType,
        Self::ArtifactType,
        Self::Size,
        Self::Digest,
        Self::Annotations,
        Self::ConfigMediaType,
        Self::PlaceholderArtifactType,
        Self::PlaceholderConfigMediaType,
        Self::ConfigSize,
        Self::ConfigDigest,
        Self::ConfigAnnotations,
        Self::Subject,
        Self::LayersCount,
        Self::ManifestsCount,
        Self::PlatformOs,
        Self::PlatformArchitecture,
        Self::PlatformOsFeatures,
        Self::ContextTag,
        Self::ContextConfig,
        Self::ContextParentArtifactType,
        Self::ContextParentAnnotations,
        Self::ContextParentPlatformOs,
    ];

    /// Its spelling in the grammar.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::MediaType => "mediaType",
            Self::ArtifactType => "artifactType",
            Self::Size => "size",
            Self::Digest => "digest",
            Self::Annotations => "annotations",
            Self::ConfigMediaType => "config.mediaType",
            Self::PlaceholderArtifactType => "placeholder.artifactType",
            Self::PlaceholderConfigMediaType => "placeholder.config.mediaType",
            Self::ConfigSize => "config.size",
            Self::ConfigDigest => "config.digest",
            Self::ConfigAnnotations => "config.annotations",
            Self::Subject => "subject",
            Self::LayersCount => "layers.count",
            Self::ManifestsCount => "manifests.count",
            Self::PlatformOs => "platform.os",
            Self::PlatformArchitecture => "platform.architecture",
            Self::PlatformOsFeatures => "platform.os.features",
            Self::ContextTag => "context.tag",
            Self::ContextConfig => "context.config",
            Self::ContextParentArtifactType => "context.parent.artifactType",
            Self::ContextParentAnnotations => "context.parent.annotations",
            Self::ContextParentPlatformOs => "context.parent.platform.os",
        }
    }

    /// Whether a test of it names a `key`.
    #[must_use]
    pub const fn takes_key(self) -> bool {
        matches!(
            self,
            Self::Annotations | Self::ConfigAnnotations | Self::ContextConfig | Self::ContextParentAnnotations
        )
    }

    /// Whether its values are no part of the document.
    #[must_use]
    pub const fn is_context(self) -> bool {
        matches!(
            self,
            Self::ContextTag
                | Self::ContextConfig
                | Self::ContextParentArtifactType
                | Self::ContextParentAnnotations
                | Self::ContextParentPlatformOs
        )
    }

    /// Whether its values are media types, compared in lower case without parameters.
    #[must_use]
    pub const fn is_media_type(self) -> bool {
        matches!(
            self,
            Self::MediaType
                | Self::ArtifactType
                | Self::ConfigMediaType
                | Self::PlaceholderArtifactType
                | Self::PlaceholderConfigMediaType
                | Self::Subject
                | Self::ContextParentArtifactType
        )
    }

    /// Whether its values are numbers.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Size | Self::ConfigSize | Self::LayersCount | Self::ManifestsCount)
    }

    /// What the caller must have for a test of it to hold; `None` when the document is enough.
    #[must_use]
    pub const fn needs(self) -> Option<Need> {
        match self {
            Self::ContextTag => Some(Need::Tag),
            Self::ContextConfig => Some(Need::Config),
            Self::ContextParentArtifactType | Self::ContextParentAnnotations | Self::ContextParentPlatformOs => {
                Some(Need::Parent)
            }
            _ => None,
        }
    }

    /// Whether it is a value of a descriptor in a list.
    #[must_use]
    pub const fn in_descriptor(self) -> bool {
        matches!(
            self,
            Self::MediaType
                | Self::ArtifactType
                | Self::Size
                | Self::Digest
                | Self::Annotations
                | Self::PlatformOs
                | Self::PlatformArchitecture
                | Self::PlatformOsFeatures
        )
    }

    /// Whether it is a value of a document.
    #[must_use]
    pub const fn in_document(self) -> bool {
        !matches!(
            self,
            Self::Size | Self::Digest | Self::PlatformOs | Self::PlatformArchitecture | Self::PlatformOsFeatures
        )
    }
}

/// What decides between a base type and its refinements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Need {
    /// The config blob.
    Config,
    /// The tag that led to the document.
    Tag,
    /// The descriptor that the parent index holds.
    Parent,
    /// The manifests of the children.
    Children,
    /// More evidence in the manifest itself, which this document lacks.
    Manifest,
}

impl Predicate {
    /// Calls `visit` for this predicate and every part of it, the whole before its parts.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Self::Not(part) => part.walk(visit),
            Self::Each(each) => each.predicate.walk(visit),
            Self::Test(_) => {}
        }
    }

    /// What the caller must have for it to be decided, sorted; empty when the document is enough.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        self.walk(&mut |part| match part {
            Self::Test(test) => needs.extend(test.field.needs()),
            Self::Each(each) if each.list == List::Children => needs.push(Need::Children),
            _ => {}
        });
        needs.sort_unstable();
        needs.dedup();
        needs
    }
}

/// The form in YAML and JSON, one object with optional keys; the schema demands the right ones.
#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Form<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Cow<'a, [Predicate]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any: Option<Cow<'a, [Predicate]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not: Option<Cow<'a, Predicate>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers: Option<Quantifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifests: Option<Quantifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Quantifier>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    matches: Option<Cow<'a, Predicate>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    equals: Option<Cow<'a, Scalar>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_of: Option<Cow<'a, [Scalar]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<bool>,
}

impl Serialize for Predicate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = Form::default();
        match self {
            Self::All(parts) => form.all = Some(Cow::Borrowed(parts)),
            Self::Any(parts) => form.any = Some(Cow::Borrowed(parts)),
            Self::Not(part) => form.not = Some(Cow::Borrowed(part)),
            Self::Each(each) => {
                match each.list {
                    List::Layers => form.layers = Some(each.quantifier),
                    List::Manifests => form.manifests = Some(each.quantifier),
                    List::Children => form.children = Some(each.quantifier),
                }
                form.matches = Some(Cow::Borrowed(&each.predicate));
            }
            Self::Test(test) => {
                form.field = Some(test.field);
                form.key = test.key.as_deref().map(Cow::Borrowed);
                match &test.condition {
                    Condition::Equals(value) => form.equals = Some(Cow::Borrowed(value)),
                    Condition::OneOf(values) => form.one_of = Some(Cow::Borrowed(values)),
                    Condition::Prefix(prefix) => form.prefix = Some(Cow::Borrowed(prefix)),
                    Condition::Present(present) => form.present = Some(*present),
                }
            }
        }
        form.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Predicate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let form = Form::deserialize(deserializer)?;
        let each = |list, quantifier, matches: Option<Cow<'_, Self>>| match matches {
            Some(predicate) => Ok(Self::Each(Each { list, quantifier, predicate: Box::new(predicate.into_owned()) })),
            None => Err(D::Error::missing_field("match")),
        };
        match form {
            Form { all: Some(parts), .. } => Ok(Self::All(parts.into_owned())),
            Form { any: Some(parts), .. } => Ok(Self::Any(parts.into_owned())),
            Form { not: Some(part), .. } => Ok(Self::Not(Box::new(part.into_owned()))),
            Form { layers: Some(quantifier), matches, .. } => each(List::Layers, quantifier, matches),
            Form { manifests: Some(quantifier), matches, .. } => each(List::Manifests, quantifier, matches),
            Form { children: Some(quantifier), matches, .. } => each(List::Children, quantifier, matches),
            Form { field: Some(field), key, equals, one_of, prefix, present, .. } => {
                let condition = match (equals, one_of, prefix, present) {
                    (Some(value), ..) => Condition::Equals(value.into_owned()),
                    (_, Some(values), ..) => Condition::OneOf(values.into_owned()),
                    (_, _, Some(prefix), _) => Condition::Prefix(prefix.into_owned()),
                    (_, _, _, Some(present)) => Condition::Present(present),
                    _ => return Err(D::Error::missing_field("equals")),
                };
                Ok(Self::Test(Test { field, key: key.map(Cow::into_owned), condition }))
            }
            _ => Err(D::Error::custom("a predicate has one of all, any, not, field, layers, manifests, children")),
        }
    }
}

impl JsonSchema for Predicate {
    fn schema_name() -> Cow<'static, str> {
        "Predicate".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let part = generator.subschema_for::<Self>();
        let quantifier = generator.subschema_for::<Quantifier>();
        let scalar = json_schema!({ "type": ["string", "integer"], "minimum": 0, "minLength": 1, "maxLength": 500 });
        let fields = Field::ALL.map(Field::name);
        let keyed: Vec<&str> = Field::ALL.into_iter().filter(|f| f.takes_key()).map(Field::name).collect();
        json_schema!({
            "description": "A statement about a document, true or false: exactly one of `all`, `any`, `not`, `field`, `layers`, `manifests`, `children`.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "all": { "description": "True when every part is.", "type": "array", "minItems": 1, "maxItems": 32, "items": part },
                "any": { "description": "True when some part is.", "type": "array", "minItems": 1, "maxItems": 32, "items": part },
                "not": { "description": "True when the part is not.", "$ref": "#/$defs/Predicate" },
                "layers": { "description": "Which layers of a manifest (`blobs` of an artifact manifest) `match` must hold of; false when there are none.", "allOf": [quantifier] },
                "manifests": { "description": "Which child descriptors of an index `match` must hold of; false when there are none.", "allOf": [quantifier] },
                "children": { "description": "Which child documents of an index, where the caller has them, `match` must hold of; false when there are none.", "allOf": [quantifier] },
                "match": { "description": "What must hold of the members of the list.", "$ref": "#/$defs/Predicate" },
                "field": { "description": "Which value is tested. A value that is absent, or that says nothing, passes only `present: false`.", "type": "string", "enum": fields },
                "key": { "description": "Key of the annotation, or JSON pointer into the config blob.", "type": "string", "minLength": 1, "maxLength": 255 },
                "equals": { "description": "The value is this one. Media types are compared in lower case without parameters.", "allOf": [scalar] },
                "oneOf": { "description": "The value is one of these.", "type": "array", "minItems": 1, "maxItems": 64, "uniqueItems": true, "items": scalar },
                "prefix": { "description": "The value begins with this text.", "type": "string", "minLength": 1, "maxLength": 255 },
                "present": { "description": "The value is there, or is not.", "type": "boolean" }
            },
            "oneOf": [
                { "required": ["all"], "maxProperties": 1 },
                { "required": ["any"], "maxProperties": 1 },
                { "required": ["not"], "maxProperties": 1 },
                { "required": ["layers", "match"], "maxProperties": 2 },
                { "required": ["manifests", "match"], "maxProperties": 2 },
                { "required": ["children", "match"], "maxProperties": 2 },
                {
                    "required": ["field"],
                    "oneOf": [
                        { "required": ["equals"] },
                        { "required": ["oneOf"] },
                        { "required": ["prefix"] },
                        { "required": ["present"] }
                    ],
                    "if": { "properties": { "field": { "enum": keyed } } },
                    "then": { "required": ["key"], "maxProperties": 3 },
                    "else": { "maxProperties": 2 }
                }
            ]
        })
    }
}
