//! Filters of the list of referrers, by role.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::material::{self, comment, referrers_by_role, word};
use super::{Content, Exported, Order, declare_export};
use crate::oci::url::query_value;

declare_export! {
    /// What a list of referrers is filtered by, for each role: values, and lines for oras, regctl and the API.
    ///
    /// `referrers.json` has the values of `artifactType` by role, for programs. `referrers.txt` has the same as command lines,
    /// each value quoted for a POSIX shell, and as requests with the value encoded for an address. Taken are the chosen types
    /// that are attached by `subject`: their values of `artifactType`, former ones too, and where the manifest may lack an
    /// `artifactType` the media types of their config, which a registry then lists in its place.
    ///
    /// ## How to use it
    /// A role is several requests, one for each value. Set `IMAGE` to the reference, and copy the lines of a role.
    ///
    /// ```console
    /// $ oat export referrers --select selection.yaml --out referrers
    /// $ jq -r '.sbom[]' referrers/referrers.json
    /// ```
    ///
    /// ## Traps
    /// - A registry may ignore the filter: it has applied it only when the response has the header `OCI-Filters-Applied`.
    ///   Compare `artifactType` again in what you get.
    /// - What is attached by tag, as cosign does it, is not in the list at all.
    /// - One value is asked for at a time, and the comparison is letter by letter.
    ///
    /// What reads it here: a POSIX shell reads the lines and must give back the values unchanged; requests are decoded and
    /// compared. The options were compared with the source of oras and regctl.
    ///
    /// ## Source
    /// [Listing referrers](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers),
    /// [oras discover](https://github.com/oras-project/oras/blob/v1.3.3/cmd/oras/root/discover.go),
    /// [regctl artifact list](https://github.com/regclient/regclient/blob/v0.11.5/cmd/regctl/artifact.go)
    pub static REFERRERS = { id: "referrers", title: "Filters of referrers", versions: [], standing: Live, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let roles: BTreeMap<String, Vec<&str>> =
        referrers_by_role(order).into_iter().map(|(role, types)| (word(&role), types.into_keys().collect())).collect();
    let mut warnings = Vec::new();
    if roles.is_empty() {
        warnings.push("no chosen type is attached by `subject`".to_owned());
    }
    let mut lines = material::header("#", "referrers", order, &warnings);
    for (role, types) in &roles {
        lines.push('\n');
        lines.push_str(&comment("#", role));
        for value in types {
            let (word, query) = (shell_word(value), query_value(value));
            let _ = writeln!(lines, "oras discover --artifact-type {word} \"$IMAGE\"");
            let _ = writeln!(lines, "regctl artifact list --filter-artifact-type {word} \"$IMAGE\"");
            let _ = writeln!(lines, "# GET /v2/<name>/referrers/<digest>?artifactType={query}");
        }
    }
    Ok(Exported::of([("referrers.json", Content::json(roles)), ("referrers.txt", lines.into())], warnings))
}

/// A text as one word of a POSIX shell.
fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{made, text};

    #[test]
    fn values_stand_by_role() {
        let made = made(&REFERRERS, "", &[]);
        let read: BTreeMap<String, Vec<String>> = serde_json::from_str(text(&made, "referrers.json")).unwrap();
        assert_eq!(read.keys().collect::<Vec<_>>(), ["attestation", "sbom"]);
        assert!(text(&made, "referrers.txt").contains(
            "# sbom\noras discover --artifact-type 'application/vnd.example.sbom+json' \"$IMAGE\"\n\
             regctl artifact list --filter-artifact-type 'application/vnd.example.sbom+json' \"$IMAGE\"\n\
             # GET /v2/<name>/referrers/<digest>?artifactType=application%2Fvnd.example.sbom%2Bjson\n"
        ));
    }

    #[test]
    fn words_and_queries_keep_to_themselves() {
        assert_eq!(shell_word("a'b $(c) `d` \"e\"\n"), "'a'\\''b $(c) `d` \"e\"\n'");
        assert_eq!(query_value("a/b+c&d=e#é"), "a%2Fb%2Bc%26d%3De%23%C3%A9");
    }
}
