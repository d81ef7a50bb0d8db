//! regsync: filters of the referrers that are copied.

use std::collections::BTreeSet;

use serde_json::json;

use super::material::{self, comment, referrers_by_role, some_of, word};
use super::{Exported, Order, declare_export, yaml};
use crate::catalog::model::AttachedBy;

declare_export! {
    /// Filters for regsync, so that it copies the referrers of chosen types along with an image.
    ///
    /// Taken are the chosen types that are attached by `subject`: their values of `artifactType`, former ones too, and where
    /// the manifest may lack an `artifactType` the media types of their config, which a registry then lists in its place.
    /// They are grouped by role; a type with several roles stands under the first of them.
    ///
    /// ## How to use it
    /// Put the keys into `defaults` of your `regsync.yml`, or `referrerFilters` into one element of `sync`, and delete the
    /// groups that you do not want.
    ///
    /// ```console
    /// $ oat export regsync --select selection.yaml --out regsync.yml
    /// $ regsync check --config regsync.yml
    /// ```
    ///
    /// ## Traps
    /// A filter compares the whole `artifactType`, letter by letter. Each filter is a request of its own. An empty list of
    /// filters copies all referrers, not none. The filters of an element of `sync` take the place of those in `defaults`.
    ///
    /// What is attached by tag, as cosign does it, is no referrer: `digestTags: true` copies that, whatever its type.
    /// `mediaTypes` of regsync means the media types of manifests and indexes: do not put artifact types there.
    ///
    /// What reads it here: the file as YAML. regsync is written in Go and its configuration has no schema, so the keys were
    /// compared with its source. It ignores keys that it does not know.
    ///
    /// ## Source
    /// [The configuration](https://github.com/regclient/regclient/blob/v0.11.5/cmd/regsync/config.go),
    /// [how filters are used](https://github.com/regclient/regclient/blob/v0.11.5/cmd/regsync/root.go),
    /// [how they are compared](https://github.com/regclient/regclient/blob/v0.11.5/types/descriptor/descriptor.go),
    /// [artifactType in the list of referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers)
    pub static REGSYNC = { id: "regsync", title: "regsync", versions: [], standing: Live, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let by_tag: Vec<&str> = order
        .chosen
        .entries()
        .filter(|entry| entry.attaches_to.iter().any(|attachment| attachment.by.first() == Some(&AttachedBy::Tag)))
        .map(|entry| entry.id.as_str())
        .collect();
    let mut warnings = Vec::new();
    if !by_tag.is_empty() {
        warnings.push(format!(
            "these chosen types are usually attached by tag, which no filter finds; `digestTags: true` copies them: {}",
            some_of(by_tag)
        ));
    }
    let mut seen = BTreeSet::new();
    let mut filters = String::new();
    for (role, types) in referrers_by_role(order) {
        let main = types.into_iter().filter(|(_, entry)| entry.roles.first() == Some(&role));
        let new: Vec<_> = main.map(|(value, _)| value).filter(|value| seen.insert(*value)).collect();
        if new.is_empty() {
            continue;
        }
        filters.push_str(&comment("    #", &word(&role)));
        let items: Vec<_> = new.iter().map(|value| json!({"artifactType": value})).collect();
        filters.extend(yaml::to_yaml(&items)?.lines().map(|line| format!("    {line}\n")));
    }
    if filters.is_empty() {
        warnings.push("no chosen type is attached by `subject`, so no referrer is copied".to_owned());
    }
    let header = material::header("#", "regsync", order, &warnings);
    let text = if filters.is_empty() {
        format!("{header}version: 1\ndefaults:\n  referrers: false\n")
    } else {
        format!("{header}version: 1\ndefaults:\n  referrers: true\n  referrerFilters:\n{filters}")
    };
    Ok(Exported::of([("regsync.yml", text)], warnings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn filters_stand_by_role() {
        let made = made(&REGSYNC, "", &[]);
        let text = text(&made, "regsync.yml");
        assert!(
            text.ends_with(
                "version: 1\ndefaults:\n  referrers: true\n  referrerFilters:\n    # sbom\n    \
                 - artifactType: application/vnd.example.sbom+json\n"
            ),
            "{text}"
        );
        let read: serde_json::Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(read["defaults"]["referrerFilters"][0]["artifactType"], "application/vnd.example.sbom+json");
    }

    #[test]
    fn nothing_to_copy_is_not_everything() {
        let made = made(&REGSYNC, "", &["box-chart"]);
        assert!(text(&made, "regsync.yml").ends_with("referrers: false\n"));
        assert_eq!(made.warnings.len(), 1);
    }
}
