//! An icon is plain shapes and nothing else.

use std::sync::Arc;

use super::{EntryView, svg};
use crate::finding::{Finding, Place, declare_rule};
use crate::shape::yaml_rules::OVERSIZED_FILE;
use crate::source::LineIndex;

declare_rule! {
    /// An icon holds something else than plain shapes.
    ///
    /// ## Why
    /// An SVG file is a program: it can run scripts, fetch from other hosts, read files of whoever converts it, and
    /// exhaust a browser. Icons are shown by registries beside the names of artifacts, and every cleaner of SVG has
    /// been got past. So an icon has only what a drawing needs, and what is not on the list is refused, never
    /// repaired: shapes, gradients, clip paths, title and description; a square `viewBox` from `0 0`; references
    /// only to gradients and clip paths of the same file; at most 32 KiB, 500 elements, 12 levels and 24 attributes
    /// of one element.
    ///
    /// ## Reported
    /// ```yaml reported
    /// icon:
    ///   file:
    ///     licence: CC0-1.0
    ///     provenance: Drawn for this catalog.
    /// ```
    /// ```svg reported types/sample/icon.svg
    /// <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" onload="alert(1)"><path d="M2 2h20v20H2z"/></svg>
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// icon:
    ///   file:
    ///     licence: CC0-1.0
    ///     provenance: Drawn for this catalog.
    /// ```
    /// ```svg accepted types/sample/icon.svg
    /// <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
    ///   <defs><linearGradient id="sky"><stop stop-color="#8cf"/><stop offset="1" stop-color="#fff"/></linearGradient></defs>
    ///   <path d="M2 2h20v20H2z" fill="url(#sky)"/>
    /// </svg>
    /// ```
    ///
    /// ## How to fix
    /// Save the drawing as plain SVG with text turned into paths and properties as attributes, and remove what is left
    /// of the message.
    ///
    /// ## Specification
    /// [SVG 2](https://www.w3.org/TR/SVG2/), [SVG integration, secure static mode](https://www.w3.org/TR/svg-integration/)
    pub static RULE = { id: "unsafe-svg", level: Error, since: "0.1.0", subject: Catalog }
}

const FILE: &str = "icon.svg";

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    if !view.folder.has(FILE) {
        return;
    }
    let Ok(bytes) = view.folder.read(FILE, svg::MAX_BYTES) else { return };
    if bytes.len() > svg::MAX_BYTES {
        let finding = view.in_file(&OVERSIZED_FILE, FILE, format!("the icon has more than {} bytes", svg::MAX_BYTES));
        findings.push(finding.help("simplify the drawing"));
        return;
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        findings.push(view.in_file(&RULE, FILE, "the icon is not UTF-8 text").help("save it as plain SVG in UTF-8"));
        return;
    };
    let lines = LineIndex::new(text);
    let file: Arc<str> = view.folder.shown(FILE).into();
    for flaw in svg::flaws(text) {
        let (line, column) = lines.line_column(text, flaw.span.start);
        let mut finding = Finding::new(&RULE, Arc::clone(&file), flaw.message).help(flaw.help);
        finding.place = Some(Place { offset: flaw.span.start, length: flaw.span.len(), line, column });
        findings.push(finding);
    }
}
