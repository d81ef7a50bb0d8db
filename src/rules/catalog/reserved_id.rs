//! Ids that would collide with something else of the same name.

use super::EntryView;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// The id of an entry is a name that means something else.
    ///
    /// ## Why
    /// Folders, pages and files of the API carry the id. Windows takes `con` or `nul` for a device and can not check
    /// the catalog out; `index`, `api` or `roles` are addresses of the site; `constructor` and the like are members
    /// that every JavaScript object has.
    ///
    /// ## Reported
    /// ```yaml reported types/api/type.yaml
    /// id: api
    /// kind: facet
    /// title: Description of an API
    /// label: API
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.api, present: true }
    /// examples: []
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted types/api-description/type.yaml
    /// id: api-description
    /// kind: facet
    /// title: Description of an API
    /// label: API
    /// identify:
    ///   rules:
    ///     - when: { field: annotations, key: com.example.api, present: true }
    /// examples: []
    /// ```
    ///
    /// ## How to fix
    /// Choose an id that says more, such as the name of the project and of the thing.
    pub static RULE = { id: "reserved-id", level: Error, since: "0.1.0", subject: Catalog }
}

/// Devices of Windows ([naming files](https://learn.microsoft.com/windows/win32/fileio/naming-a-file)); sorted.
const DEVICES: [&str; 24] = [
    "aux", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt0", "lpt1",
    "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// Names of files and folders in the output and at its host; sorted.
const ROUTES: [&str; 42] = [
    "404",
    "all",
    "api",
    "artifact-type",
    "artifact-types",
    "assets",
    "badges",
    "cards",
    "changes",
    "cname",
    "conformance",
    "downloads",
    "examples",
    "exports",
    "favicon",
    "feed",
    "figures",
    "guides",
    "icons",
    "index",
    "mapping",
    "media-type",
    "media-types",
    "mediatypemappings",
    "new",
    "oat-build",
    "playground",
    "registry",
    "robots",
    "role",
    "roles",
    "rule",
    "rules",
    "schema",
    "schemas",
    "search",
    "sitemap",
    "static",
    "sw",
    "tools",
    "types",
    "well-known",
];

/// Words that programs take for a value or for a member of every object; sorted.
const WORDS: [&str; 11] = [
    "__proto__",
    "constructor",
    "false",
    "hasownproperty",
    "nan",
    "none",
    "null",
    "prototype",
    "true",
    "undefined",
    "unknown",
];

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    if let Some(meaning) = meaning(&view.entry.id) {
        let message = format!("the id `{}` is {meaning}", view.entry.id);
        let finding = view.at(&RULE, &Pointer::root().key("id"), Part::Value, message);
        findings.push(finding.help("choose an id that names the project and the thing, such as `example-recipe`"));
    }
}

/// Whether an id would collide with something else of the same name.
#[must_use]
pub fn is_reserved(id: &str) -> bool {
    meaning(id).is_some()
}

fn meaning(id: &str) -> Option<&'static str> {
    let id = id.to_ascii_lowercase();
    let among = |names: &[&str]| names.binary_search(&id.as_str()).is_ok();
    if among(&DEVICES) {
        Some("the name of a device on Windows")
    } else if among(&ROUTES) {
        Some("an address of the site")
    } else if among(&WORDS) {
        Some("a word that programs take for something else")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_found() {
        for list in [&DEVICES[..], &ROUTES, &WORDS] {
            assert!(list.is_sorted());
            assert!(list.iter().all(|id| meaning(id).is_some()));
        }
        assert_eq!(meaning("helm-chart"), None);
    }
}
