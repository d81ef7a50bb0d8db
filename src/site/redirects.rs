//! Former ids and other names by which a type's page is asked for: pages that lead on to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Error, Output, Site, paths};
use crate::catalog::Catalog;
use crate::catalog::model::is_id;
use crate::rules::catalog::is_reserved;

/// Most redirects of one file that hosts take.
const MAX_RULES: usize = 2_000;

/// Every name that leads on, with the id to which it leads: aliases that have the form of an id and are none. A name
/// that two entries claim leads nowhere.
pub(super) fn redirects(catalog: &Catalog) -> BTreeMap<&str, &str> {
    let mut owners: BTreeMap<String, Option<(&str, &str)>> = BTreeMap::new();
    for entry in &catalog.entries {
        for alias in &entry.aliases {
            owners
                .entry(alias.to_lowercase())
                .and_modify(|owner| *owner = owner.filter(|(_, id)| *id == entry.id))
                .or_insert(Some((alias, &entry.id)));
        }
    }
    let good = |(alias, _): &(&str, &str)| is_id(alias) && !is_reserved(alias) && catalog.get(alias).is_none();
    owners.into_values().flatten().filter(good).collect()
}

/// Writes `_redirects`, by which several hosts answer with a redirect of their own. Its addresses begin at the root of
/// the host, so that it is made only for a site that stands there.
pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let at_root = |base: &str| base.split_once("://").is_some_and(|(_, host)| !host.contains('/'));
    if !site.base.is_some_and(at_root) {
        return Ok(());
    }
    let folder = |id: &str| paths::url(&paths::type_page(id)).replace("index.html", "");
    let mut rules = String::new();
    for (alias, id) in redirects(site.catalog).into_iter().take(MAX_RULES) {
        // Writing into a string does not fail.
        let _ = writeln!(rules, "/{} /{} 301", folder(alias), folder(id));
    }
    if !rules.is_empty() {
        out.put("_redirects", rules.into_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ArtifactType;

    #[test]
    fn only_a_name_that_is_free_and_of_one_entry_leads_on() {
        let entry = |id: &str, aliases: &[&str]| ArtifactType {
            id: id.into(),
            aliases: aliases.iter().map(ToString::to_string).collect(),
            ..ArtifactType::default()
        };
        let entries = vec![
            entry("a", &["old-a", "b", "both", "two words", "Capital", "twice", "TWICE", "nul"]),
            entry("b", &["Both", "../x", "old-b"]),
        ];
        let catalog = Catalog::new(entries, BTreeMap::new());
        let expected = BTreeMap::from([("old-a", "a"), ("old-b", "b"), ("twice", "a")]);
        assert_eq!(redirects(&catalog), expected);
    }
}
