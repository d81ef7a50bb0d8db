//! zot: annotations that its linter demands, and pull commands for its user interface.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

use super::material::{telling_artifact_types, telling_config_types, told_by};
use super::{Content, Exported, Order, declare_export};
use crate::catalog::model::{Action, ArtifactType, Presence};

declare_export! {
    /// The annotations that zot's linter demands, and commands to pull each type for its user interface.
    ///
    /// `config-lint.json` is the part of zot's configuration with `extensions.lint.mandatoryAnnotations`: every key that the
    /// structure of a chosen type requires. `pull-commands.json` has, by `artifactType` or media type of the config, the
    /// actions of the type whose title begins with `Pull`, as lists of arguments with placeholders.
    ///
    /// ## How to use it
    /// Choose one type for a zot that holds nothing else, and put the keys into its configuration.
    ///
    /// ```console
    /// $ oat export zot --select selection.yaml --out zot
    /// $ zot verify config.json
    /// ```
    ///
    /// The user interface has its commands in code: the second file is the data for a change of it. It must fill in the
    /// placeholders itself, and quote each argument.
    ///
    /// ## Traps
    /// - Every image manifest must have every key, whatever its type: with several chosen types nearly nothing passes. The
    ///   linter asks for keys only, not for values. Indexes and signatures are not looked at.
    /// - A key that the manifest lacks is looked for in the labels of the config, for which zot reads the config as the JSON
    ///   of an image: where the config is something else the push fails.
    /// - With an empty list the linter demands nothing.
    /// - zot takes any media type; there is nothing to allow.
    ///
    /// What reads it here: both files as JSON. zot is written in Go and its configuration has no schema, so the keys were
    /// compared with its source.
    ///
    /// ## Source
    /// [An example of the configuration](https://github.com/project-zot/zot/blob/v2.1.20/examples/config-lint.json),
    /// [the linter](https://github.com/project-zot/zot/blob/v2.1.20/pkg/extensions/lint/lint.go),
    /// [what it passes over](https://github.com/project-zot/zot/blob/v2.1.20/pkg/storage/common/common.go),
    /// [the commands of the user interface](https://github.com/project-zot/zui/blob/fbbd3594232dcbe34668c0064a8e374f2d2d4cfb/src/utilities/pullStrings.js)
    pub static ZOT = { id: "zot", title: "zot", versions: [], standing: Live, make: make }
}

#[derive(Serialize)]
struct Command<'a> {
    #[serde(rename = "type")]
    type_id: &'a str,
    title: &'a str,
    tool: &'a str,
    argv: &'a [String],
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let annotations: BTreeSet<&str> = order.chosen.entries().flat_map(required).collect();
    let types = order.chosen.entries().count();
    let mut warnings = Vec::new();
    if types > 1 && !annotations.is_empty() {
        warnings.push(format!(
            "zot demands all {} annotations of every image manifest, whatever its type: choose one type instead of {types}",
            annotations.len()
        ));
    }
    let config = json!({"extensions": {"lint": {"enable": true, "mandatoryAnnotations": annotations}}});
    let mut commands: BTreeMap<&str, Vec<Command<'_>>> = BTreeMap::new();
    for (media_type, ids) in told_by(order, telling) {
        let found: Vec<Command<'_>> =
            ids.into_iter().filter_map(|id| order.chosen.catalog.get(id)).flat_map(pulls).collect();
        if !found.is_empty() {
            commands.insert(media_type, found);
        }
    }
    Ok(Exported::of(
        [("config-lint.json", Content::json(config)), ("pull-commands.json", Content::json(commands))],
        warnings,
    ))
}

/// Annotations that the structure of an entry requires of the manifest.
fn required(entry: &ArtifactType) -> impl Iterator<Item = &str> {
    let annotations = entry.structure.iter().flat_map(|structure| &structure.annotations);
    annotations.filter(|one| one.presence == Presence::Required).map(|one| one.key.as_str())
}

fn telling(entry: &ArtifactType) -> BTreeSet<&str> {
    let mut found = telling_artifact_types(entry);
    found.extend(telling_config_types(entry));
    found
}

fn pulls(entry: &ArtifactType) -> impl Iterator<Item = Command<'_>> {
    let pull = |action: &&Action| action.title.starts_with("Pull");
    entry.actions.iter().filter(pull).map(|action| Command {
        type_id: &entry.id,
        title: &action.title,
        tool: &action.tool,
        argv: &action.argv,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn one_type_is_linted_and_pulled() {
        let made = made(&ZOT, "", &["box-chart"]);
        let config: Value = serde_json::from_str(text(&made, "config-lint.json")).unwrap();
        assert_eq!(
            config,
            json!({"extensions": {"lint": {"enable": true, "mandatoryAnnotations": ["org.example.box"]}}})
        );
        let commands: Value = serde_json::from_str(text(&made, "pull-commands.json")).unwrap();
        assert_eq!(
            commands["application/vnd.example.box.config.v1+json"],
            json!([{"type": "box-chart", "title": "Pull", "tool": "box", "argv": ["box", "pull", "{reference}"]}])
        );
        assert!(made.warnings.is_empty());
    }

    #[test]
    fn several_types_are_warned_about() {
        assert_eq!(made(&ZOT, "", &[]).warnings.len(), 1);
    }
}
