//! The keys of an entry stand in the order of the format.

use super::EntryView;
use crate::finding::{Edit, Finding, declare_rule};
use crate::shape::{Document, Part};
use crate::source::{Member, Pointer};

declare_rule! {
    /// A top-level key of an entry stands before another that comes first in the format.
    ///
    /// ## Why
    /// Every entry reads alike: what it is, how it stands, how it is recognised, what it looks like, what to do with
    /// it, and the proof. Reviewers find things where they expect them, and changes touch few lines.
    ///
    /// ## Reported
    /// ```yaml reported
    /// scanning:
    ///   runnable: false
    ///   as: none
    /// tools:
    ///   - id: sample
    ///     title: Sample
    ///     home: https://example.com
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// tools:
    ///   - id: sample
    ///     title: Sample
    ///     home: https://example.com
    /// scanning:
    ///   runnable: false
    ///   as: none
    /// ```
    ///
    /// ## How to fix
    /// `oat lint --fix` moves each key with its value and the comments above it.
    pub static RULE = { id: "key-order", level: Info, since: "0.1.0", subject: Catalog }
}

/// The keys in their order; other keys stand where they are.
pub(super) const KEYS: [&str; 26] = [
    "id",
    "kind",
    "title",
    "label",
    "summary",
    "description",
    "aliases",
    "status",
    "replacedBy",
    "tier",
    "since",
    "publisher",
    "owner",
    "roles",
    "isA",
    "attachesTo",
    "identify",
    "structure",
    "formerMediaTypes",
    "tools",
    "actions",
    "scanning",
    "icon",
    "links",
    "iana",
    "sources",
];
/// Keys that stand last.
const LAST: [&str; 2] = ["examples", "changes"];

fn rank(key: &str) -> Option<usize> {
    KEYS.iter().chain(&LAST).position(|known| *known == key)
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    let Some(tree) = &view.document.tree else { return };
    let mut highest = None;
    for member in tree.members() {
        let Some(rank) = rank(&member.key) else { continue };
        match highest {
            Some((above, name)) if rank < above => {
                let message = format!("`{}` stands below `{name}`", member.key);
                let mut finding = view.at(&RULE, &Pointer::root().key(&member.key), Part::Key, message);
                finding.fix = reorder(view.document, tree.members()).into_iter().collect();
                findings.push(finding.help(format!("move it above `{name}`; `oat lint --fix` does")));
                // The others would say the same of the same disorder.
                return;
            }
            _ => highest = Some((rank, member.key.as_str())),
        }
    }
}

/// The whole of the members in their order; nothing when they can not be moved as lines.
fn reorder(document: &Document, members: &[Member]) -> Option<Edit> {
    let text = &*document.text;
    let ranks: Vec<usize> = members.iter().map(|member| rank(&member.key)).collect::<Option<_>>()?;
    let starts: Vec<usize> = members.iter().map(|member| line_with_comments(text, member)).collect::<Option<_>>()?;
    let (first, end) = (*starts.first()?, text.len());
    if !text.ends_with('\n') || !starts.is_sorted() {
        return None;
    }
    let ends = starts.iter().skip(1).chain(std::iter::once(&end));
    let mut blocks: Vec<(usize, &str)> =
        ranks.into_iter().zip(starts.iter().zip(ends).map(|(from, to)| &text[*from..*to])).collect();
    blocks.sort_by_key(|(rank, _)| *rank);
    let sorted = blocks.into_iter().map(|(_, block)| block).collect();
    Some(Edit { offset: document.offset + first, length: end - first, text: sorted })
}

/// Start of the line of a key, or of the comments right above it; nothing when the key does not begin its line.
fn line_with_comments(text: &str, member: &Member) -> Option<usize> {
    let mut start = member.key_span.range().start;
    if start > 0 && text.as_bytes().get(start - 1) != Some(&b'\n') {
        return None;
    }
    while let Some(above) = text[..start].strip_suffix('\n') {
        let line = above.rfind('\n').map_or(0, |at| at + 1);
        // The line that names the schema belongs to the file.
        if line == 0 || !text[line..start].starts_with('#') {
            break;
        }
        start = line;
    }
    Some(start)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rules::catalog::ENTRY_SCHEMA;

    #[test]
    fn every_key_of_the_format_has_its_place() {
        let mut known: Vec<&str> = KEYS.iter().chain(&LAST).copied().collect();
        known.sort_unstable();
        let properties = ENTRY_SCHEMA["properties"].as_object().unwrap();
        let mut keys: Vec<&str> = properties.keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(known, keys);
    }

    #[test]
    fn a_key_moves_with_its_value_and_its_comments() {
        let text = "# schema\nlinks:\n  home: x\n# above the tier\ntier: listed\nid: a\n";
        let (document, findings) = Document::yaml(&Arc::from("type.yaml"), text.as_bytes());
        assert!(findings.is_empty());
        let edit = reorder(&document, document.tree.as_ref().unwrap().members()).unwrap();
        assert_eq!(&text[..edit.offset], "# schema\n");
        assert_eq!(edit.text, "id: a\n# above the tier\ntier: listed\nlinks:\n  home: x\n");
        let (flow, _) = Document::yaml(&Arc::from("type.yaml"), b"{links: {}, id: a}\n");
        assert_eq!(reorder(&flow, flow.tree.as_ref().unwrap().members()), None);
    }
}
