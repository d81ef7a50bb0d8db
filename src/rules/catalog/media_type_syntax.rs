//! Every media type of an entry has the grammar of RFC 6838.

use super::EntryView;
use super::media_types::{self, Form};
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::oci::media_type::{MAX_NAME, Malformed};
use crate::shape::Part;
use crate::source::text::code_point;

declare_rule! {
    /// A media type does not have the grammar of RFC 6838, or is not in lower case.
    ///
    /// ## Why
    /// Registries refuse or rewrite what is no media type. Identification compares media types in lower case and
    /// without parameters, so a test for anything else would never hold.
    ///
    /// ## Reported
    /// ```yaml reported
    /// iana:
    ///   - mediaType: application/vnd.example;version=1
    ///     registered: false
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// iana:
    ///   - mediaType: application/vnd.example.v1
    ///     registered: false
    /// ```
    ///
    /// ## How to fix
    /// Write `type/subtype` in lower case, each part with at most 127 letters, digits and `! # $ & - ^ _ . +`, and a
    /// letter or digit first. Where a program really writes something else, suppress the finding and say which one.
    ///
    /// ## Specification
    /// [RFC 6838, section 4.2](https://www.rfc-editor.org/rfc/rfc6838#section-4.2)
    pub static RULE = { id: "media-type-syntax", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    media_types::everywhere(view.entry, &mut |pointer, text, form| {
        if let Some((message, help)) = complaint(text, form) {
            findings.push(view.at(&RULE, pointer, Part::Value, message).help(help));
        }
    });
}

fn complaint(text: &str, form: Form) -> Option<(String, String)> {
    let malformed = media_types::check(text, form).err();
    if malformed.is_none() && !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let shown = quoted(text);
    match malformed {
        None => Some((
            format!("the media type {shown} has upper case"),
            format!("write {}", quoted(&text.to_ascii_lowercase())),
        )),
        Some(Malformed::Parts) => Some((
            format!("{shown} is no media type: it needs a type and a subtype with one slash between"),
            "write a media type such as `application/vnd.example.config.v1+json`".to_owned(),
        )),
        Some(Malformed::Parameters) => {
            let bare = text.split(';').next().unwrap_or_default().trim();
            Some((format!("the media type {shown} has parameters"), format!("write {}", quoted(bare))))
        }
        Some(Malformed::FirstCharacter) => Some((
            format!("a part of the media type {shown} begins with neither a letter nor a digit"),
            "begin the type and the subtype with a letter or digit".to_owned(),
        )),
        Some(Malformed::Length) => Some((
            format!("a part of the media type {shown} has more than {MAX_NAME} characters"),
            "shorten it".to_owned(),
        )),
        Some(Malformed::Character(at)) => {
            let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
            let name = if c.is_ascii_graphic() { format!("`{c}`") } else { code_point(c) };
            Some((
                format!("the media type {shown} holds {name}"),
                "letters, digits and `! # $ & - ^ _ . +` are allowed".to_owned(),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_name_the_defect() {
        let message = |text| complaint(text, Form::Whole).map(|(message, help)| format!("{message}; {help}"));
        assert_eq!(message("application/vnd.example.v1+json"), None);
        assert_eq!(
            message("Application/JSON").unwrap(),
            "the media type `Application/JSON` has upper case; write `application/json`"
        );
        assert!(message("text/plain; a=b").unwrap().ends_with("has parameters; write `text/plain`"));
        assert!(message("application/a*").unwrap().contains("holds `*`"));
        assert!(message("dadi.image.v1").unwrap().contains("one slash between"));
    }
}
