//! The layers of a config: their DiffIDs and their history, against each other and against the manifest.

use super::super::lint::{Lint, show};
use super::super::platform::MOST;
use super::{Belongs, Config};
use crate::finding::{Rule, declare_rule};
use crate::oci::digest::is_digest;
use crate::source::tape::Json;

declare_rule! {
    /// A config has not as many DiffIDs as the manifest has layers.
    ///
    /// ## Why
    /// Clients take layers and DiffIDs in pairs. With one too few or too many they refuse the image.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "rootfs": { "type": "layers", "diff_ids": [] } }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// {
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write one DiffID for each layer of the manifest, in the same order. When layers were added to the manifest, add
    /// theirs here and write the new digest of the config into the manifest.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    /// - [image-spec 1.1.1, manifest.md, layers](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions)
    pub static CONFIG_DIFF_ID_COUNT = { id: "config-diff-id-count", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// A DiffID is not a digest.
    ///
    /// ## Why
    /// Clients verify unpacked layers against it, and refuse the image when it can not be read.
    ///
    /// ## Reported
    /// ```json reported config
    /// {
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// {
    ///   "rootfs": {
    ///     "type": "layers",
    ///     "diff_ids": [
    ///       "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    ///     ]
    ///   }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write the digest of the uncompressed tar archive of the layer: `sha256:` and 64 hexadecimal digits in lower
    /// case.
    ///
    /// ## Specification
    /// - [image-spec 1.1.1, config.md, layer DiffID](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#layer-diffid)
    /// - [image-spec 1.1.1, descriptor.md, digests](https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests)
    pub static CONFIG_DIFF_ID_DIGEST = { id: "config-diff-id-digest", level: Error, since: "0.1.0", subject: Config }
}

declare_rule! {
    /// The history of a config tells of more or fewer layers than there are.
    ///
    /// ## Why
    /// Tools that show which step made which layer count the entries that are not marked with `empty_layer`. When the
    /// count is wrong, they show layers beside the wrong commands, or fail.
    ///
    /// ## Reported
    /// ```json reported config
    /// { "history": [{ "created_by": "COPY app /app" }, { "created_by": "ENV A=b" }] }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted config
    /// { "history": [{ "created_by": "COPY app /app" }, { "created_by": "ENV A=b", "empty_layer": true }] }
    /// ```
    ///
    /// ## How to fix
    /// Write `"empty_layer": true` at the steps that changed no file, and one entry for each layer. Or leave the whole
    /// history out.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, config.md, properties](https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties)
    pub static CONFIG_HISTORY_COUNT = { id: "config-history-count", level: Warning, since: "0.1.0", subject: Config }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&CONFIG_DIFF_ID_COUNT, &CONFIG_DIFF_ID_DIGEST, &CONFIG_HISTORY_COUNT];

pub(super) fn check<'a>(lint: &mut Lint<'a>, config: &Config<'a>, belongs: Belongs<'_>) {
    let Some(diff_ids) = config.diff_ids else { return };
    let wrong = |id: &Json<'_>| id.as_str().is_some_and(|id| !is_digest(id));
    for id in diff_ids.elements().filter(wrong).take(MOST) {
        let found = id.as_str().unwrap_or_default();
        let lower = found.to_ascii_lowercase();
        let help = if is_digest(&lower) {
            format!("write `{lower}`")
        } else if is_digest(&format!("sha256:{lower}")) {
            format!("write `sha256:{lower}`")
        } else {
            "write `sha256:` and 64 hexadecimal digits in lower case".to_owned()
        };
        lint.value(&CONFIG_DIFF_ID_DIGEST, id, format!("the DiffID `{}` is not a digest", show(found)))
            .help(help)
            .done();
    }
    let ids = diff_ids.elements().count();
    let layers = belongs.layers().map(|layers| layers.elements().count());
    if let Some(layers) = layers.filter(|layers| *layers != ids) {
        let message =
            format!("the config has {}, but the manifest has {}", count(ids, "DiffID"), count(layers, "layer"));
        lint.key(&CONFIG_DIFF_ID_COUNT, diff_ids, message)
            .help("write one DiffID for each layer, in the same order")
            .done();
        return;
    }
    let Some(history) = config.history.filter(|history| history.elements().next().is_some()) else { return };
    let empty = |entry: &Json<'_>| entry.get("empty_layer").is_some_and(|empty| empty.written() == "true");
    let steps = history.elements().filter(|entry| !empty(entry)).count();
    if steps != ids {
        let message = format!("the history tells of {}, but there are {}", count(steps, "layer"), count(ids, "DiffID"));
        lint.key(&CONFIG_HISTORY_COUNT, history, message)
            .help(if steps > ids {
                "mark the steps that changed no file with `\"empty_layer\": true`"
            } else {
                "write one entry without `empty_layer` for each layer, or leave `history` out"
            })
            .done();
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
