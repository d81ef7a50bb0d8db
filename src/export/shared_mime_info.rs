//! The desktop's database of media types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::material::{self, is_of_a_tree};
use super::{Exported, Order, declare_export};
use crate::catalog::claims::claims;
use crate::oci::well_known::is_generic;

declare_export! {
    /// Names, parents and aliases of the media types for the desktop's database, shared-mime-info.
    ///
    /// One `mime-type` for each media type of a chosen type that is its own: the title and the part as `comment`, the media
    /// type of its suffix as `sub-class-of` (`+json`, `+gzip`, `+tar` and so on), a generic icon, and former media types of
    /// the same entry as `alias`. What many types share, such as the layers of images, and the standards
    /// tree, such as `image/png`, are left to the database itself.
    ///
    /// ## How to use it
    /// ```console
    /// $ oat export shared-mime-info --out ~/.local/share/mime/packages/oci-artifact-types.xml
    /// $ update-mime-database ~/.local/share/mime
    /// ```
    ///
    /// ## Traps
    /// - There are no names of files and no magic numbers in it: a desktop does not guess one of these media types from a
    ///   file. It names, and finds a parent and an icon for, what was said to have the type, such as a blob of a registry.
    /// - A media type without a slash or with characters outside of RFC 6838 is left out.
    /// - Media types are written in lower case.
    ///
    /// What reads it here: `update-mime-database` of Debian's shared-mime-info, and `pyxdg`, which resolves a name, a parent
    /// and an alias from what it wrote.
    ///
    /// ## Source
    /// [The specification](https://specifications.freedesktop.org/shared-mime-info-spec/0.21/ar01s02.html),
    /// [suffixes, RFC 6839](https://www.rfc-editor.org/rfc/rfc6839), [and RFC 8081](https://www.rfc-editor.org/rfc/rfc8081)
    pub static SHARED_MIME_INFO =
        { id: "shared-mime-info", title: "shared-mime-info", versions: [], standing: Live, make: make }
}

/// Suffixes, with the media type of what they say and the icon of the desktop.
const SUFFIXES: [(&str, &str, &str); 9] = [
    ("tar+gzip", "application/x-compressed-tar", "package-x-generic"),
    ("tar.gzip", "application/x-compressed-tar", "package-x-generic"),
    ("+gzip", "application/gzip", "package-x-generic"),
    ("+zstd", "application/zstd", "package-x-generic"),
    ("+tar", "application/x-tar", "package-x-generic"),
    ("+zip", "application/zip", "package-x-generic"),
    ("+json", "application/json", "text-x-generic"),
    ("+xml", "application/xml", "text-x-generic"),
    ("+yaml", "application/yaml", "text-x-generic"),
];

/// What is known of one media type.
struct Known {
    comment: String,
    aliases: Vec<String>,
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let known = known(order);
    let mut warnings = Vec::new();
    if known.is_empty() {
        warnings.push("no chosen type has a media type of its own".to_owned());
    }
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let header = material::header("", "shared-mime-info", order, &warnings);
    let _ = writeln!(text, "<!--\n{}-->", header.replace("--", "- -"));
    text.push_str("<mime-info xmlns=\"http://www.freedesktop.org/standards/shared-mime-info\">\n");
    for (media_type, Known { comment, aliases }) in known {
        let _ = writeln!(text, "  <mime-type type=\"{}\">", escaped(&media_type));
        let _ = writeln!(text, "    <comment>{}</comment>", escaped(&comment));
        let suffix = SUFFIXES.iter().find(|(suffix, ..)| media_type.ends_with(suffix));
        if let Some((_, parent, icon)) = suffix {
            let _ = writeln!(text, "    <generic-icon name=\"{icon}\"/>\n    <sub-class-of type=\"{parent}\"/>");
        }
        for alias in aliases {
            let _ = writeln!(text, "    <alias type=\"{}\"/>", escaped(&alias));
        }
        text.push_str("  </mime-type>\n");
    }
    text.push_str("</mime-info>\n");
    Ok(Exported::of([("oci-artifact-types.xml", text)], warnings))
}

fn known(order: &Order<'_>) -> BTreeMap<String, Known> {
    let own = |media_type: &str| is_of_a_tree(media_type) && !is_generic(media_type);
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for entry in order.chosen.entries() {
        for (media_type, claim) in
            claims(entry).into_iter().filter(|(media_type, claim)| own(media_type) && !claim.former)
        {
            let comment = match claim.part {
                Some(part) => format!("{}, {part}", entry.title),
                None => entry.title.clone(),
            };
            known.entry(media_type.to_ascii_lowercase()).or_insert(Known { comment, aliases: Vec::new() });
        }
    }
    let mut taken: BTreeSet<String> = known.keys().cloned().collect();
    for former in order.chosen.entries().flat_map(|entry| &entry.former_media_types) {
        let name = former.media_type.to_ascii_lowercase();
        let successor = former.successor.as_ref().map(|one| one.to_ascii_lowercase());
        if !own(&name) || taken.contains(&name) {
            continue;
        }
        if let Some(of) = successor.and_then(|one| known.get_mut(&one)) {
            of.aliases.push(name.clone());
            taken.insert(name);
        }
    }
    for one in known.values_mut() {
        one.aliases.sort();
    }
    known
}

/// A text inside of an element or an attribute; what XML can not hold becomes a space.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::material::sample::{HOSTILE, made, text};

    #[test]
    fn a_type_has_a_name_a_parent_and_an_alias() {
        let made = made(&SHARED_MIME_INFO, "", &["box-chart", "box-sbom"]);
        let text = text(&made, "oci-artifact-types.xml");
        let document = roxmltree::Document::parse(text).unwrap();
        let find = |media_type: &str| {
            document
                .descendants()
                .find(|node| {
                    node.attribute("type") == Some(media_type)
                        && node.has_tag_name(("http://www.freedesktop.org/standards/shared-mime-info", "mime-type"))
                })
                .unwrap()
        };
        let part = |media_type: &str, name: &str| {
            find(media_type).children().find(|node| node.tag_name().name() == name).unwrap()
        };
        let layer = "application/vnd.example.box.v1.tar+gzip";
        assert_eq!(part(layer, "comment").text(), Some(&*format!("{}, content", HOSTILE.replace('\n', " "))));
        assert_eq!(part(layer, "sub-class-of").attribute("type"), Some("application/x-compressed-tar"));
        assert_eq!(part(layer, "alias").attribute("type"), Some("application/vnd.example.box.layer"));
        assert_eq!(
            part("application/vnd.example.sbom+json", "sub-class-of").attribute("type"),
            Some("application/json")
        );
        assert!(!text.contains("vnd.oci.empty"), "what many types share is not ours to name");
    }
}
