//! What identification looks at: one pass over the bytes of a document, borrowed, without a tree.
//!
//! A value of the wrong kind counts as absent: identification never fails on a document that is JSON. The linter
//! says what is wrong with it.

use std::borrow::Cow;

use crate::catalog::model::Shape;
use crate::oci::media_type::normalise;
use crate::oci::well_known as known;
use crate::source::json::{Raw, Scanner};
use crate::source::tape::Json;
use crate::source::{Problem, ProblemKind, Span};

/// Text of the document, borrowed where it has no escapes.
pub type Text<'a> = Cow<'a, str>;

/// The values of one document that predicates may look at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts<'a> {
    /// Kind of document, judged by its body first; `None` when it is none that is known, or two at once.
    pub shape: Option<Shape>,
    /// Top-level `mediaType`, normalised.
    pub media_type: Option<Text<'a>>,
    /// `artifactType`, normalised; absent when it says nothing.
    pub artifact_type: Option<Text<'a>>,
    /// `artifactType` when it says nothing.
    pub placeholder_artifact_type: Option<Text<'a>>,
    /// Descriptor of the config; its media type is there even when it says nothing.
    pub config: Option<Descriptor<'a>>,
    /// Whether the config's media type says nothing.
    pub config_says_nothing: bool,
    /// Descriptor of the subject.
    pub subject: Option<Descriptor<'a>>,
    /// `layers`, or `blobs` of an artifact manifest; where a document has both, those of `layers` first, wherever they
    /// stand.
    pub layers: Vec<Descriptor<'a>>,
    /// Name of the member that `layers` holds: `layers` or `blobs`.
    pub layers_name: &'static str,
    /// `manifests` of an index.
    pub manifests: Vec<Descriptor<'a>>,
    /// Annotations of the manifest or index.
    pub annotations: Vec<(Text<'a>, Text<'a>)>,
}

/// The values of one descriptor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Descriptor<'a> {
    /// `mediaType`, normalised.
    pub media_type: Option<Text<'a>>,
    /// `artifactType`, normalised; absent when it is empty or says nothing.
    pub artifact_type: Option<Text<'a>>,
    /// `digest`.
    pub digest: Option<Text<'a>>,
    /// `size` in bytes.
    pub size: Option<u64>,
    /// `annotations`.
    pub annotations: Vec<(Text<'a>, Text<'a>)>,
    /// `platform`; few descriptors have one.
    pub platform: Option<Box<Platform<'a>>>,
}

/// The values of one platform.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Platform<'a> {
    /// `os`.
    pub os: Option<Text<'a>>,
    /// `architecture`.
    pub architecture: Option<Text<'a>>,
    /// `os.features`.
    pub features: Vec<Text<'a>>,
}

impl<'a> Descriptor<'a> {
    /// Reads a descriptor that is a document of its own.
    ///
    /// # Errors
    ///
    /// When the text is not one JSON object.
    pub fn read(text: &'a str) -> Result<Self> {
        let mut scanner = Scanner::new(text);
        let mut read = Self::default();
        if descriptor(&mut scanner, 0, &mut read)? && scanner.at_end() {
            return Ok(read);
        }
        Err(scanner.unexpected("one descriptor"))
    }

    /// A descriptor of a document that was read already; `None` when no object stands there.
    fn of(json: Json<'a>) -> Option<Self> {
        if !json.is_object() {
            return None;
        }
        let mut read = Self::default();
        for member in json.members() {
            let text = || member.as_str().map(Text::Borrowed);
            match member.key() {
                "mediaType" => read.media_type = text().map(normalise),
                "artifactType" => {
                    read.artifact_type = text().map(normalise).filter(|value| tells(value));
                }
                "digest" => read.digest = text(),
                "size" => read.size = member.as_integer().and_then(|size| size.try_into().ok()),
                "annotations" => read.annotations.extend(texts(member)),
                "platform" if member.is_object() => {
                    read.platform = Some(Box::new(Platform {
                        os: member.get_str("os").map(Text::Borrowed),
                        architecture: member.get_str("architecture").map(Text::Borrowed),
                        features: member
                            .get("os.features")
                            .into_iter()
                            .flat_map(Json::elements)
                            .filter_map(|feature| feature.as_str().map(Text::Borrowed))
                            .collect(),
                    }));
                }
                _ => {}
            }
        }
        Some(read)
    }
}

/// The memory of a list, for elements of the same type that live elsewhere.
pub(crate) fn emptied<A, B>(mut list: Vec<A>) -> Vec<B> {
    list.clear();
    // The standard library collects in place where both have the same form.
    list.into_iter().filter_map(|_| None).collect()
}

/// The members of an object that are text.
fn texts(json: Json<'_>) -> impl Iterator<Item = (Text<'_>, Text<'_>)> {
    json.members().filter_map(|member| Some((Text::Borrowed(member.key()), Text::Borrowed(member.as_str()?))))
}

/// What the body has, from which its kind follows.
#[expect(clippy::struct_excessive_bools, reason = "each says whether one member is there")]
#[derive(Default)]
struct Body {
    config: bool,
    layers: bool,
    blobs: bool,
    manifests: bool,
    fs_layers: bool,
    seen: u16,
}

/// A failure is rare and large: behind a pointer it costs nothing where all goes well.
type Result<T> = std::result::Result<T, Box<Problem>>;

impl<'a> Facts<'a> {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// When the text is not one JSON object, is nested deeper than the limit, or names one of the members that
    /// identification looks at twice.
    pub fn read(text: &'a str) -> Result<Self> {
        let mut facts = Self::default();
        facts.read_into(text)?;
        Ok(facts)
    }

    /// Reads a document into this value, whose memory is used again.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_into(&mut self, text: &'a str) -> Result<()> {
        self.clear();
        let mut scanner = Scanner::new(text);
        let mut body = Body::default();
        if scanner.peek() != b'{' {
            let problem = scanner.unexpected("an object");
            return Err(if looks_like_json(text) {
                Box::new(Problem {
                    kind: ProblemKind::Root,
                    message: "the document is no JSON object".to_owned(),
                    ..*problem
                })
            } else {
                problem
            });
        }
        scanner.object(0, |scanner, key| self.member(scanner, key, &mut body))?;
        if !scanner.at_end() {
            let at = scanner.offset();
            let span = Span::new(at, text.len());
            return Err(Box::new(Problem::new(ProblemKind::TrailingData, span, "text after the end of the document")));
        }
        self.finish(&body);
        Ok(())
    }

    /// Its memory, for the facts of another document.
    #[must_use]
    pub fn recycled<'b>(mut self) -> Facts<'b> {
        self.clear();
        Facts {
            layers_name: "layers",
            layers: emptied(self.layers),
            manifests: emptied(self.manifests),
            annotations: emptied(self.annotations),
            ..Facts::default()
        }
    }

    /// Reads a document that was read already, and whose names stand once each, into this value.
    pub fn read_json(&mut self, root: Json<'a>) {
        self.clear();
        let mut body = Body::default();
        for member in root.members() {
            let text = || member.as_str().map(|text| normalise(Text::Borrowed(text)));
            match member.key() {
                "mediaType" => self.media_type = text(),
                "artifactType" => match text().filter(|value| !value.is_empty()) {
                    Some(value) if known::says_nothing(&value) => self.placeholder_artifact_type = Some(value),
                    value => self.artifact_type = value,
                },
                "config" => {
                    body.config = member.is_object();
                    self.config = Descriptor::of(member);
                    let media_type = self.config.as_ref().and_then(|config| config.media_type.as_deref());
                    self.config_says_nothing = media_type.is_some_and(known::says_nothing);
                }
                "layers" => {
                    body.layers = member.is_array();
                    let before = self.layers.len();
                    self.layers.extend(member.elements().map(|layer| Descriptor::of(layer).unwrap_or_default()));
                    self.layers.rotate_left(before);
                }
                "blobs" => {
                    body.blobs = member.is_array();
                    self.layers_name = "blobs";
                    self.layers.extend(member.elements().map(|layer| Descriptor::of(layer).unwrap_or_default()));
                }
                "manifests" => {
                    body.manifests = member.is_array();
                    self.manifests.extend(member.elements().map(|child| Descriptor::of(child).unwrap_or_default()));
                }
                "annotations" => self.annotations.extend(texts(member)),
                "subject" => self.subject = Descriptor::of(member),
                "fsLayers" => body.fs_layers = member.is_array(),
                _ => {}
            }
        }
        self.finish(&body);
    }

    fn clear(&mut self) {
        self.shape = None;
        self.media_type = None;
        self.artifact_type = None;
        self.placeholder_artifact_type = None;
        self.config = None;
        self.config_says_nothing = false;
        self.subject = None;
        self.layers.clear();
        self.layers_name = "layers";
        self.manifests.clear();
        self.annotations.clear();
    }

    fn member(&mut self, scanner: &mut Scanner<'a>, key: Raw<'a>, body: &mut Body) -> Result<()> {
        let name = key.decode();
        let bit = match &*name {
            "mediaType" => 0,
            "artifactType" => 1,
            "config" => 2,
            "layers" => 3,
            "blobs" => 4,
            "manifests" => 5,
            "annotations" => 6,
            "subject" => 7,
            "fsLayers" => 8,
            _ => return scanner.skip(1),
        };
        if body.seen & (1 << bit) != 0 {
            let end = scanner.offset();
            let message = format!("the name `{name}` stands twice");
            let span = Span::new(end.saturating_sub(1), end);
            return Err(Box::new(
                Problem::new(ProblemKind::DuplicateKey, span, message)
                    .help("some readers take the first, others the last: what the document is depends on the reader"),
            ));
        }
        body.seen |= 1 << bit;
        match bit {
            0 => self.media_type = text(scanner, 1)?.map(normalise),
            1 => {
                let value = text(scanner, 1)?.map(normalise).filter(|value| !value.is_empty());
                match value {
                    Some(value) if known::says_nothing(&value) => self.placeholder_artifact_type = Some(value),
                    value => self.artifact_type = value,
                }
            }
            2 => {
                body.config = scanner.peek() == b'{';
                self.config = optional_descriptor(scanner)?;
                self.config_says_nothing = self
                    .config
                    .as_ref()
                    .and_then(|config| config.media_type.as_deref())
                    .is_some_and(known::says_nothing);
            }
            3 | 4 => {
                let before = self.layers.len();
                let list = list(scanner, &mut self.layers)?;
                if bit == 3 {
                    body.layers = list;
                    self.layers.rotate_left(before);
                } else {
                    body.blobs = list;
                    self.layers_name = "blobs";
                }
            }
            5 => body.manifests = list(scanner, &mut self.manifests)?,
            6 => annotations(scanner, 1, &mut self.annotations)?,
            7 => self.subject = optional_descriptor(scanner)?,
            _ => {
                body.fs_layers = scanner.peek() == b'[';
                scanner.skip(1)?;
            }
        }
        Ok(())
    }

    /// The kind of document: by what its body has; the written `mediaType` decides only what the body leaves open.
    fn finish(&mut self, body: &Body) {
        let media_type = self.media_type.as_deref();
        let config_type = self.config.as_ref().and_then(|config| config.media_type.as_deref());
        let manifest = body.config || body.layers;
        self.shape = if body.manifests && (manifest || body.blobs || body.fs_layers) || manifest && body.fs_layers {
            None
        } else if body.manifests {
            Some(if media_type == Some(known::DOCKER_MANIFEST_LIST) {
                Shape::DockerManifestList
            } else {
                Shape::OciIndex
            })
        } else if body.fs_layers {
            Some(Shape::DockerSchema1)
        } else if manifest {
            let docker = media_type == Some(known::DOCKER_MANIFEST)
                || media_type != Some(known::OCI_MANIFEST) && config_type == Some(known::DOCKER_IMAGE_CONFIG);
            Some(if docker { Shape::DockerManifest } else { Shape::OciManifest })
        } else {
            match media_type {
                Some(known::ORAS_ARTIFACT_MANIFEST) => Some(Shape::OrasArtifactManifest),
                Some(known::OCI_ARTIFACT_MANIFEST) => Some(Shape::OciArtifactManifest),
                _ => None,
            }
        };
    }
}

/// Whether an `artifactType` tells anything.
fn tells(value: &str) -> bool {
    !value.is_empty() && !known::says_nothing(value)
}

/// Whether the text begins like a JSON value that is no object.
fn looks_like_json(text: &str) -> bool {
    matches!(text.trim_start().as_bytes().first(), Some(b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'))
}

/// A string, or nothing when another kind of value stands there.
#[inline]
fn text<'a>(scanner: &mut Scanner<'a>, depth: usize) -> Result<Option<Text<'a>>> {
    if scanner.peek() == b'"' {
        return scanner.string().map(|raw| Some(raw.decode()));
    }
    scanner.skip(depth).map(|()| None)
}

/// Descriptors; tells whether an array stands there.
fn list<'a>(scanner: &mut Scanner<'a>, into: &mut Vec<Descriptor<'a>>) -> Result<bool> {
    if scanner.peek() != b'[' {
        scanner.skip(1)?;
        return Ok(false);
    }
    scanner.array(1, |scanner, _| {
        into.push(Descriptor::default());
        match into.last_mut() {
            Some(last) => descriptor(scanner, 2, last).map(drop),
            None => Ok(()),
        }
    })?;
    Ok(true)
}

fn optional_descriptor<'a>(scanner: &mut Scanner<'a>) -> Result<Option<Descriptor<'a>>> {
    let mut read = Descriptor::default();
    Ok(descriptor(scanner, 1, &mut read)?.then_some(read))
}

/// Reads a descriptor into a new one; tells whether an object stands there.
fn descriptor<'a>(scanner: &mut Scanner<'a>, depth: usize, into: &mut Descriptor<'a>) -> Result<bool> {
    if scanner.peek() != b'{' {
        scanner.skip(depth)?;
        return Ok(false);
    }
    scanner.object(depth, |scanner, key| {
        match &*key.decode() {
            "mediaType" => into.media_type = text(scanner, depth + 1)?.map(normalise),
            "artifactType" => {
                into.artifact_type = text(scanner, depth + 1)?.map(normalise).filter(|value| tells(value));
            }
            "digest" => into.digest = text(scanner, depth + 1)?,
            "size" if scanner.peek().is_ascii_digit() => into.size = scanner.natural()?,
            "annotations" => annotations(scanner, depth + 1, &mut into.annotations)?,
            "platform" => into.platform = platform(scanner, depth + 1)?,
            _ => scanner.skip(depth + 1)?,
        }
        Ok(())
    })?;
    Ok(true)
}

fn annotations<'a>(scanner: &mut Scanner<'a>, depth: usize, into: &mut Vec<(Text<'a>, Text<'a>)>) -> Result<()> {
    if scanner.peek() != b'{' {
        return scanner.skip(depth);
    }
    scanner.object(depth, |scanner, key| {
        if let Some(value) = text(scanner, depth + 1)? {
            into.push((key.decode(), value));
        }
        Ok(())
    })
}

fn platform<'a>(scanner: &mut Scanner<'a>, depth: usize) -> Result<Option<Box<Platform<'a>>>> {
    if scanner.peek() != b'{' {
        return scanner.skip(depth).map(|()| None);
    }
    let mut platform = Platform::default();
    scanner.object(depth, |scanner, key| {
        match &*key.decode() {
            "os" => platform.os = text(scanner, depth + 1)?,
            "architecture" => platform.architecture = text(scanner, depth + 1)?,
            "os.features" if scanner.peek() == b'[' => scanner.array(depth + 1, |scanner, _| {
                platform.features.extend(text(scanner, depth + 2)?);
                Ok(())
            })?,
            _ => scanner.skip(depth + 1)?,
        }
        Ok(())
    })?;
    Ok(Some(Box::new(platform)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Option<Shape> {
        Facts::read(text).unwrap().shape
    }

    #[test]
    fn the_body_decides_the_shape_before_the_media_type() {
        assert_eq!(shape(r#"{"config":{},"layers":[]}"#), Some(Shape::OciManifest));
        assert_eq!(shape(r#"{"manifests":[]}"#), Some(Shape::OciIndex));
        assert_eq!(
            shape(r#"{"mediaType":"application/vnd.oci.image.index.v1+json","config":{},"layers":[]}"#),
            Some(Shape::OciManifest)
        );
        assert_eq!(
            shape(r#"{"config":{"mediaType":"application/vnd.docker.container.image.v1+json"},"layers":[]}"#),
            Some(Shape::DockerManifest)
        );
        assert_eq!(shape(r#"{"schemaVersion":1,"fsLayers":[]}"#), Some(Shape::DockerSchema1));
        assert_eq!(shape(r#"{"config":{},"layers":[],"manifests":[]}"#), None);
        assert_eq!(shape(r#"{"layers":null}"#), None);
        assert_eq!(shape("{}"), None);
    }

    #[test]
    fn values_that_say_nothing_are_absent() {
        let facts = Facts::read(r#"{"artifactType":"application/vnd.unknown.artifact.v1","config":{"mediaType":"application/vnd.oci.empty.v1+json"},"layers":[]}"#).unwrap();
        assert_eq!(facts.artifact_type, None);
        assert!(facts.config_says_nothing);
        assert_eq!(facts.placeholder_artifact_type.as_deref(), Some("application/vnd.unknown.artifact.v1"));
        assert_eq!(
            Facts::read(r#"{"artifactType":"Application/VND.X; a=b"}"#).unwrap().artifact_type.as_deref(),
            Some("application/vnd.x")
        );
    }

    #[test]
    fn an_empty_type_is_absent_and_layers_stand_before_blobs() {
        let text =
            r#"{"blobs":[{"mediaType":"b/b","artifactType":""}],"layers":[{"mediaType":"a/a"}],"artifactType":""}"#;
        let facts = Facts::read(text).unwrap();
        let types: Vec<_> = facts.layers.iter().map(|layer| layer.media_type.as_deref()).collect();
        assert_eq!(types, [Some("a/a"), Some("b/b")]);
        assert_eq!((&facts.artifact_type, &facts.layers[1].artifact_type), (&None, &None));
        let mut memory = crate::source::tape::Memory::default();
        let mut read = Facts::default();
        read.read_json(crate::source::tape::Tape::read(text, &mut memory).unwrap().root());
        assert_eq!(read, facts);
    }

    #[test]
    fn a_member_named_twice_is_an_error() {
        assert_eq!(Facts::read(r#"{"config":{},"\u0063onfig":{}}"#).unwrap_err().kind, ProblemKind::DuplicateKey);
        assert_eq!(Facts::read("[]").unwrap_err().kind, ProblemKind::Root);
        assert_eq!(Facts::read("").unwrap_err().kind, ProblemKind::Syntax);
    }
}
