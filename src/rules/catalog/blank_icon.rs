//! An icon shows something.

use super::{EntryView, svg};
use crate::finding::{Finding, declare_rule};
use crate::picture::Picture;

declare_rule! {
    /// An icon shows nothing, or can not be rendered.
    ///
    /// ## Why
    /// Registries show the icon beside the name. Many of them take a PNG, which is rendered from `icon.svg` when the
    /// site is built: shapes without a fill and a stroke, or outside of the `viewBox`, give an empty square.
    ///
    /// ## Reported
    /// ```yaml reported
    /// icon:
    ///   file:
    ///     licence: CC0-1.0
    ///     provenance: Drawn for this catalog.
    /// ```
    /// ```svg reported types/sample/icon.svg
    /// <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h20v20H2z" fill="none"/></svg>
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
    /// <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h20v20H2z" fill="none" stroke="#567"/></svg>
    /// ```
    ///
    /// ## How to fix
    /// Give the shapes a `fill` or a `stroke`, and let them stand within the `viewBox`.
    ///
    /// ## Specification
    /// [SVG 2](https://www.w3.org/TR/SVG2/)
    pub static RULE = { id: "blank-icon", level: Error, since: "0.1.0", subject: Catalog }
}

const FILE: &str = "icon.svg";

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    if !view.folder.has(FILE) {
        return;
    }
    let Ok(bytes) = view.folder.read(FILE, svg::MAX_BYTES) else { return };
    let Ok(text) = std::str::from_utf8(&bytes) else { return };
    // What breaks the profile is reported by `unsafe-svg`, and is never given to the renderer.
    if bytes.len() > svg::MAX_BYTES || !svg::flaws(text).is_empty() {
        return;
    }
    let finding = match Picture::read(text) {
        Ok(picture) if picture.is_blank() => view.in_file(&RULE, FILE, "the icon shows nothing"),
        Ok(_) => return,
        Err(error) => view.in_file(&RULE, FILE, format!("the icon can not be rendered: {error}")),
    };
    findings.push(finding.help("give the shapes a `fill` or a `stroke`, within the `viewBox`"));
}
