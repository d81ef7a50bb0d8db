//! The lint of the config of an image: the blob that the manifest's `config` points to.

mod agreement;
mod execution;
mod layers;
mod malformed_config;
mod members;
mod platform;

use super::lint::{Lint, Reading};
use super::manifest;
use crate::catalog::ArtifactType;
use crate::finding::{Finding, Rule, SourceText};
use crate::identify::Facts;
use crate::oci::content::is_image_layer;
use crate::oci::well_known as known;
use crate::source::tape::{Json, Memory, Tape};

/// The rules of this folder, by file.
static FAMILIES: &[&[&Rule]] =
    &[agreement::RULES, execution::RULES, layers::RULES, &[&malformed_config::RULE], members::RULES, platform::RULES];

/// The rules of this folder.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|rules| rules.iter().copied())
}

/// What a config belongs to, as far as it is at hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Belongs<'b> {
    /// The manifest whose config it is.
    pub manifest: Option<Json<'b>>,
    /// The descriptor of an index that led to the manifest.
    pub descriptor: Option<Json<'b>>,
    /// The JSON Schema that the type of the manifest has for its configs.
    pub schema: Option<&'b str>,
}

impl<'b> Belongs<'b> {
    /// The media type that the manifest gives the config; that of an OCI image where there is no manifest.
    fn media_type(self) -> Option<&'b str> {
        match self.manifest {
            Some(manifest) => manifest.get("config")?.get_str("mediaType"),
            None => Some(known::OCI_IMAGE_CONFIG),
        }
    }

    /// The layers of the manifest.
    fn layers(self) -> Option<Json<'b>> {
        self.manifest?.get("layers").filter(|layers| layers.is_array())
    }

    /// Whether it may be run: artifacts that borrow the config of an image have layers of other media types.
    fn is_runnable(self) -> bool {
        let Some(layers) = self.layers() else { return true };
        layers.elements().next().is_none()
            || layers.elements().any(|layer| layer.get_str("mediaType").is_some_and(is_image_layer))
    }
}

/// The entry of the type that a manifest is, when it describes configs of the media type that the manifest's has.
#[must_use]
pub fn type_of<'c>(text: &str, known: manifest::Known<'_, 'c>) -> Option<&'c ArtifactType> {
    let facts = Facts::read(text).ok()?;
    let media_type = facts.config.as_ref()?.media_type.as_deref().filter(|media_type| *media_type != known::EMPTY)?;
    let entry = (known.entry)(known.identifier.decide(&facts, known.context)?.0)?;
    let config = entry.structure.as_ref()?.config.as_ref()?;
    config.media_types.iter().any(|known| known == media_type).then_some(entry)
}

/// Lints the bytes of a config: that of an OCI or Docker image by the specification, each by the schema of its type.
///
/// Whether they are the bytes that the descriptor in the manifest means is not looked at.
#[must_use]
pub fn lint(
    origin: manifest::Origin<'_>,
    bytes: &[u8],
    belongs: Belongs<'_>,
    options: &manifest::Options,
) -> (Vec<Finding>, Option<SourceText>) {
    let docker = match belongs.media_type() {
        Some(known::OCI_IMAGE_CONFIG) => false,
        Some(known::DOCKER_IMAGE_CONFIG) => true,
        _ => {
            let Some(schema) = belongs.schema else { return (Vec::new(), None) };
            let (document, findings) = malformed_config::check(origin, bytes, schema, options);
            let source = (!findings.is_empty()).then(|| document.source_text());
            return (findings, source);
        }
    };
    let mut memory = Memory::default();
    let reading = Reading::of(origin, bytes, options, &mut memory, "give the config of an image, a JSON object");
    let further = reading.object().map(|(text, tape)| {
        let mut lint = Lint::new(origin, text, tape, options);
        rules(&mut lint, tape, docker, belongs);
        lint.finish()
    });
    let readable = further.is_some();
    let (mut findings, mut source) = reading.finish(further.unwrap_or_default());
    // A type that borrows the config of images may demand more of it. What the specification says already is said once.
    if let Some(schema) = belongs.schema.filter(|_| readable && findings.is_empty()) {
        let (document, more) = malformed_config::check(origin, bytes, schema, options);
        if !more.is_empty() {
            source.get_or_insert_with(|| document.source_text());
            findings.extend(more);
        }
    }
    (findings, source)
}

fn rules<'a>(lint: &mut Lint<'a>, tape: Tape<'a>, docker: bool, belongs: Belongs<'_>) {
    let config = Config::read(tape.root(), docker);
    members::check(lint, &config);
    platform::check(lint, &config, belongs);
    layers::check(lint, &config, belongs);
    execution::check(lint, &config);
    agreement::check(lint, &config, belongs);
}

/// The config of an image; a property that is null is as good as absent.
struct Config<'a> {
    json: Json<'a>,
    /// Whether its media type is Docker's: the OCI specifications do not bind it.
    docker: bool,
    created: Option<Json<'a>>,
    architecture: Option<Json<'a>>,
    os: Option<Json<'a>>,
    os_features: Option<Json<'a>>,
    variant: Option<Json<'a>>,
    /// The execution parameters, when they are an object.
    parameters: Option<Json<'a>>,
    rootfs: Option<Json<'a>>,
    diff_ids: Option<Json<'a>>,
    history: Option<Json<'a>>,
}

impl<'a> Config<'a> {
    fn read(json: Json<'a>, docker: bool) -> Self {
        let found = |name| json.get(name).filter(|found| !is_null(*found));
        let rootfs = found("rootfs").filter(|rootfs| rootfs.is_object());
        Self {
            json,
            docker,
            created: found("created"),
            architecture: found("architecture"),
            os: found("os"),
            os_features: found("os.features"),
            variant: found("variant"),
            parameters: found("config").filter(|config| config.is_object()),
            rootfs,
            diff_ids: rootfs.and_then(|rootfs| rootfs.get("diff_ids")).filter(|list| list.is_array()),
            history: found("history").filter(|history| history.is_array()),
        }
    }

    /// A property of the execution parameters.
    fn parameter(&self, name: &str) -> Option<Json<'a>> {
        self.parameters?.get(name).filter(|found| !is_null(*found))
    }

    /// Whether it is the config of a Windows image.
    fn is_windows(&self) -> bool {
        self.os.and_then(Json::as_str) == Some("windows")
    }
}

fn is_null(json: Json<'_>) -> bool {
    json.kind() == crate::source::tape::Kind::Null
}
