//! GitLab's container registry: rows of its table of media types.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::material::{self, all_in_place};
use super::{Exported, Order, declare_export};
use crate::catalog::model::Place;

declare_export! {
    /// The rows that GitLab's container registry needs in its table of media types: a plain list, and a migration in SQL.
    ///
    /// `media-types.txt` has one media type a line: values of `artifactType`, of configs and of layers of the chosen types,
    /// former ones too. `up.sql` inserts those that are missing, `down.sql` deletes them, in the form of the registry's own
    /// migrations before a deployment.
    ///
    /// ## How to use it
    /// A new media type is a change of the registry's code: put the statements into a file below
    /// `registry/datastore/migrations/premigrations`, or the list into an issue. Who runs the registry with its metadata
    /// database can let it learn media types by itself with `REGISTRY_FF_DYNAMIC_MEDIA_TYPES=true`, since GitLab 17.1.
    ///
    /// ```console
    /// $ oat export gitlab --select selection.yaml --out gitlab
    /// $ psql --single-transaction --file gitlab/up.sql registry
    /// ```
    ///
    /// ## Traps
    /// - Without a row, a push fails with `400` and `unknown media type`. Only a registry with the metadata database has the
    ///   table; one that keeps its metadata in files accepts every media type.
    /// - `artifactType` and the config are looked up, and the list of the registry's documentation counts the media types
    ///   of all references. Reports differ on whether gitlab.com refuses an unknown layer.
    /// - The table holds media types as they were pushed: they are compared letter by letter. Their number is a small
    ///   integer, which is why a public registry should not learn them by itself.
    /// - `down.sql` deletes rows by name, also those that the registry had before, and fails while a manifest refers to one.
    /// - On gitlab.com nobody outside can add a row or set the flag.
    ///
    /// What reads it here: PostgreSQL runs `up.sql` twice and `down.sql` once, on a table of that form with rows that were there
    /// before.
    ///
    /// ## Source
    /// [A migration of the registry](https://gitlab.com/gitlab-org/container-registry/-/blob/v4.29.0-gitlab/registry/datastore/migrations/premigrations/20251008082000_add_cosign_v3_media_types.go),
    /// [its list of media types and the flag](https://gitlab.com/gitlab-org/container-registry/-/blob/v4.29.0-gitlab/docs/supported-media-types.md),
    /// [since when the flag is there](https://docs.gitlab.com/administration/packages/container_registry/#container-registry-feature-flags),
    /// [what gitlab.com refuses, ocx-sh/ocx issue 480](https://github.com/ocx-sh/ocx/issues/480)
    pub static GITLAB = { id: "gitlab", title: "GitLab container registry", versions: [], standing: Code, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let places = [Place::ArtifactType, Place::Config, Place::Layer];
    let media_types: BTreeSet<&str> = places.into_iter().flat_map(|place| all_in_place(order, place)).collect();
    let mut warnings = Vec::new();
    if media_types.is_empty() {
        warnings.push("no chosen type has a media type of its own".to_owned());
    }
    let header = material::header("--", "gitlab", order, &warnings);
    let list = material::lines(media_types.iter().copied());
    let (mut up, mut down) = (header.clone(), header);
    if !media_types.is_empty() {
        let rows: Vec<String> = media_types.iter().map(|one| format!("    ({})", quoted(one))).collect();
        let _ = writeln!(
            up,
            "INSERT INTO media_types (media_type)\n  VALUES\n{}\n  EXCEPT\n  SELECT media_type FROM media_types;",
            rows.join(",\n")
        );
        let names: Vec<String> = media_types.iter().map(|one| format!("    {}", quoted(one))).collect();
        let _ = writeln!(down, "DELETE FROM media_types\n  WHERE media_type IN (\n{}\n  );", names.join(",\n"));
    }
    Ok(Exported::of([("media-types.txt", list), ("up.sql", up), ("down.sql", down)], warnings))
}

/// A text as a literal of standard SQL, in which only the quote has a meaning.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn missing_rows_are_inserted() {
        let made = made(&GITLAB, "", &["box-model"]);
        assert_eq!(text(&made, "media-types.txt"), "application/vnd.example.model\n");
        assert!(text(&made, "up.sql").ends_with(
            "INSERT INTO media_types (media_type)\n  VALUES\n    ('application/vnd.example.model')\n  EXCEPT\n  \
             SELECT media_type FROM media_types;\n"
        ));
        assert!(text(&made, "down.sql").contains("WHERE media_type IN (\n    'application/vnd.example.model'\n  );"));
    }

    #[test]
    fn literals_end_where_they_should() {
        assert_eq!(quoted("a'; DROP TABLE media_types; --\\"), "'a''; DROP TABLE media_types; --\\'");
    }
}
