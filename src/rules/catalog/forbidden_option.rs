//! Commands do not reach beyond the artifact.

use super::EntryView;
use super::programs::find;
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::source::Pointer;

declare_rule! {
    /// A command gives its program an option or sub-command that the list of programs forbids.
    ///
    /// ## Why
    /// With `--privileged`, `--volume` or `--entrypoint` a container gets hold of the machine of whoever copies the
    /// command. The list of programs says for each which words must not stand in a command of the catalog.
    ///
    /// ## Reported
    /// ```yaml reported
    /// tools:
    ///   - id: docker
    ///     title: Docker
    ///     home: https://www.docker.com
    /// actions:
    ///   - title: Run
    ///     tool: docker
    ///     argv: [docker, run, --privileged, "{reference}"]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// tools:
    ///   - id: docker
    ///     title: Docker
    ///     home: https://www.docker.com
    /// actions:
    ///   - title: Run
    ///     tool: docker
    ///     argv: [docker, run, --rm, "{reference}"]
    /// ```
    ///
    /// ## How to fix
    /// Remove the option. Where the artifact can not be used without it, link the documentation and leave the action
    /// out.
    pub static RULE = { id: "forbidden-option", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    for (index, action) in view.entry.actions.iter().enumerate() {
        let Some(program) = action.argv.first().and_then(|name| find(name)) else { continue };
        let at = Pointer::root().key("actions").index(index).key("argv");
        for (position, element) in action.argv.iter().enumerate().skip(1) {
            if let Some(word) = program.forbidden.iter().find(|word| gives(element, word)) {
                let message = format!("`{}` is not to be given `{word}` by a command of the catalog", program.name);
                let finding = view.at(&RULE, &at.index(position), Part::Value, message);
                findings.push(finding.help(format!("remove {}, or leave the action out", quoted(element))));
            }
        }
    }
}

/// Whether an element gives a program a forbidden word: itself, with `=value`, or as a letter among short options.
fn gives(element: &str, word: &str) -> bool {
    let name = element.split_once('=').map_or(element, |(name, _)| name);
    if name == word {
        return true;
    }
    match (word.strip_prefix('-'), name.strip_prefix('-')) {
        (Some(letter), Some(letters)) if letter.len() == 1 && !letters.starts_with('-') => letters.contains(letter),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_spelling() {
        for (element, word) in [
            ("--privileged", "--privileged"),
            ("--volume=/:/host", "--volume"),
            ("-v", "-v"),
            ("-itv", "-v"),
            ("-v/:/host", "-v"),
        ] {
            assert!(gives(element, word), "{element} {word}");
        }
        for (element, word) in [
            ("--privileged-mode", "--privileged"),
            ("--verbose", "-v"),
            ("-it", "-v"),
            ("v1", "-v"),
            ("executor", "exec"),
        ] {
            assert!(!gives(element, word), "{element} {word}");
        }
    }
}
