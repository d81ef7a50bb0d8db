//! The program of a command is one that the maintainers know.

use super::EntryView;
use super::programs::{PROGRAMS, find};
use super::text_checks::quoted;
use crate::finding::{Finding, declare_rule};
use crate::shape::Part;
use crate::shape::schema::nearest_word;
use crate::source::Pointer;

declare_rule! {
    /// A command begins with a program that is not on the list of the maintainers.
    ///
    /// ## Why
    /// Commands of the catalog are copied into terminals. Shells, interpreters and wrappers run whatever stands behind
    /// them, and an unknown name may be anybody's. Each program of the list has a home page and the options that it may
    /// not be given here.
    ///
    /// ## Reported
    /// ```yaml reported
    /// tools:
    ///   - id: sample
    ///     title: Sample
    ///     home: https://example.com
    /// actions:
    ///   - title: Pull
    ///     tool: sample
    ///     argv: [bash, -c, install]
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// tools:
    ///   - id: oras
    ///     title: ORAS
    ///     home: https://oras.land
    /// actions:
    ///   - title: Pull
    ///     tool: oras
    ///     argv: [oras, pull, "{reference}"]
    /// ```
    ///
    /// ## How to fix
    /// Leave the action out and ask for the program in the pull request, or use a program of the list in
    /// `src/rules/catalog/programs.rs`.
    pub static RULE = { id: "unlisted-program", level: Error, since: "0.1.0", subject: Catalog }
}

/// Programs that run what they are given; never on the list. Sorted.
const RUNNERS: [&str; 32] = [
    "ash",
    "bash",
    "busybox",
    "cmd",
    "cmd.exe",
    "csh",
    "dash",
    "deno",
    "doas",
    "env",
    "eval",
    "exec",
    "fish",
    "ksh",
    "lua",
    "node",
    "nohup",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "python3",
    "ruby",
    "sh",
    "ssh",
    "su",
    "sudo",
    "tcsh",
    "time",
    "xargs",
    "zsh",
];

pub(super) fn check(view: &EntryView<'_>, findings: &mut Vec<Finding>) {
    for (index, action) in view.entry.actions.iter().enumerate() {
        let Some(program) = action.argv.first() else { continue };
        if find(program).is_some() {
            continue;
        }
        let at = Pointer::root().key("actions").index(index).key("argv").index(0);
        let (message, help) = complaint(program);
        findings.push(view.at(&RULE, &at, Part::Value, message).help(help));
    }
}

fn complaint(program: &str) -> (String, String) {
    let shown = quoted(program);
    let folded = program.to_ascii_lowercase();
    if RUNNERS.binary_search(&folded.as_str()).is_ok() {
        let help = "name the program itself, which then gets the rest as its arguments";
        return (format!("{shown} runs whatever stands behind it"), help.to_owned());
    }
    if program.contains(['/', '\\']) {
        return (format!("the program {shown} is a path"), "write its bare name".to_owned());
    }
    if program.contains(['{', ' ', '=']) {
        return (format!("{shown} is no name of a program"), "write the bare name of the program first".to_owned());
    }
    let message = format!("the program {shown} is not on the list of programs");
    match nearest_word(program, PROGRAMS.iter().map(|program| program.name)) {
        Some(near) => (
            message,
            format!(
                "did you mean `{near}`? otherwise leave the action out and ask for the program in your pull request"
            ),
        ),
        None => (message, "leave the action out and ask for the program in your pull request".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_tell_runners_paths_and_misspellings() {
        assert!(RUNNERS.is_sorted() && RUNNERS.iter().all(|name| find(name).is_none()));
        assert!(complaint("bash").0.contains("runs whatever"));
        assert!(complaint("./oras").0.contains("is a path"));
        assert!(complaint("{name}").0.contains("no name"));
        assert!(complaint("skopoe").1.contains("`skopeo`"));
    }
}
