//! Arguments of commands are plain text, or one placeholder.

use super::EntryView;
use super::arguments::{PREFIXES, around, first_unsafe, is_prefix, placeholders};
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;
use crate::source::text::code_point;

declare_rule! {
    /// An argument of a command is neither plain text nor one placeholder.
    ///
    /// ## Why
    /// An argument goes to the program as it is: there is no shell that would join, split or replace anything, and text
    /// that a shell would act upon must not reach a terminal by copying. A placeholder stands alone, or behind
    /// `--option=` or a listed prefix such as `oci://`, so that a value can never become an option.
    ///
    /// ## Reported
    /// ```yaml reported
    /// tools:
    ///   - id: helm
    ///     title: Helm
    ///     home: https://helm.sh
    /// actions:
    ///   - title: Pull
    ///     tool: helm
    ///     argv: [helm, pull, "oci://{location}:{tag}"]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// tools:
    ///   - id: helm
    ///     title: Helm
    ///     home: https://helm.sh
    /// actions:
    ///   - title: Pull
    ///     tool: helm
    ///     argv: [helm, pull, "oci://{location}", --version, "{tag}"]
    /// ```
    ///
    /// ## How to fix
    /// Use letters, digits and `._/:=@,+-` in plain text, and split what holds two placeholders: `{reference}` is
    /// `{location}` with the tag or digest.
    pub static RULE = { id: "unsafe-argument", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    for (index, action) in view.entry.actions.iter().enumerate() {
        let at = Pointer::root().key("actions").index(index).key("argv");
        // The program, which comes first, has a rule of its own.
        for (position, element) in action.argv.iter().enumerate().skip(1) {
            if let Some((message, help)) = complaint(element) {
                findings.push(view.at(&RULE, &at.index(position), Part::Value, message).help(help));
            }
        }
    }
}

fn complaint(element: &str) -> Option<(String, String)> {
    let shown = quoted(element);
    let character = |literal: &str| {
        let c = first_unsafe(literal)?;
        let name = if c.is_ascii_graphic() { format!("`{c}`") } else { code_point(c) };
        let help = match c {
            '{' | '}' => "a placeholder is a name in one pair of braces",
            ' ' => "write each argument as an element of its own",
            _ => "plain text has letters, digits and `._/:=@,+-`; there is no shell",
        };
        Some((format!("the argument {shown} holds {name}"), help.to_owned()))
    };
    match placeholders(element).as_slice() {
        [] => character(element),
        [name] => {
            let (before, behind) = around(element, name)?;
            if let Some(complaint) = character(before).or_else(|| character(behind)) {
                return Some(complaint);
            }
            if !is_prefix(before) {
                let listed = PREFIXES.map(|prefix| format!("`{prefix}`")).join(", ");
                let message = format!("{} may not stand before a placeholder", quoted(before));
                return Some((
                    message,
                    format!("let the placeholder stand alone, or behind `--option=` or one of {listed}"),
                ));
            }
            if !behind.is_empty() && !behind.starts_with([':', '@', '/', '.']) {
                let message = format!("{} may not stand behind a placeholder", quoted(behind));
                return Some((message, "write it as an argument of its own".to_owned()));
            }
            None
        }
        several => {
            let message = format!("the argument {shown} holds {} placeholders", several.len());
            let help = if several.contains(&"location") {
                "use `{reference}`, which is the location with its tag or digest, or give the tag to an option"
            } else {
                "split it into several arguments"
            };
            Some((message, help.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_plain_or_one_placeholder() {
        for good in [
            "pull",
            "-it",
            "--format=json",
            "{reference}",
            "oci://{location}",
            "--reference={reference}",
            "{file}:application/json",
            "a,b@1.0",
        ] {
            assert_eq!(complaint(good), None, "{good}");
        }
        for bad in [
            "a b",
            "a;b",
            "$(id)",
            "`id`",
            "a|b",
            "'x'",
            "{",
            "{}}",
            "{{reference}}",
            "{location}:{tag}",
            "-{name}",
            "--{name}",
            "https://{registry}",
            "{name}x",
            "{name};x",
            "a\u{202e}b",
            "a\\b",
            "~",
            "*",
            "a\nb",
        ] {
            assert!(complaint(bad).is_some(), "{bad}");
        }
    }
}
