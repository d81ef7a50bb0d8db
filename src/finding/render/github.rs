//! Annotations of GitHub workflows: one command on each line.
//!
//! GitHub shows about ten annotations of each level, so the gravest come first. A line begins with our own text,
//! because the runner obeys every line that begins with `::`.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{MAX_SHOWN_PER_FILE, end_of, select, source_of};
use crate::finding::{Finding, Level, Report};
use crate::source::text::visible;

/// The report as workflow commands.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut selection = select(report, MAX_SHOWN_PER_FILE);
    selection.findings.sort_by_key(|finding| finding.level);
    let mut commands = String::new();
    for finding in &selection.findings {
        push_command(&mut commands, report, finding);
    }
    let rest = selection.rest();
    if !rest.is_empty() {
        let _ = writeln!(commands, "::notice title=oat::{}", data(&rest.join("\n")));
    }
    commands
}

fn push_command(commands: &mut String, report: &Report, finding: &Finding) {
    let name = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let _ = write!(commands, "::{name} file={}", property(&visible(&finding.file)));
    if let Some(place) = finding.place {
        let (line, column) =
            source_of(report, finding).map_or((place.line, place.column), |source| end_of(place, source));
        // The runner drops columns, with a complaint, where the lines differ.
        let _ = if line == place.line {
            write!(commands, ",line={line},col={},endLine={line},endColumn={column}", place.column)
        } else {
            write!(commands, ",line={},endLine={line}", place.line)
        };
    }
    let mut message = visible(&finding.message).into_owned();
    if let Some(help) = &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(&visible(help));
    }
    let _ = writeln!(commands, ",title={}::{}", property(finding.rule.id), data(&message));
}

/// Escapes the message of a command, as the toolkit of GitHub does.
fn data(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '\r', '\n']) {
        return text.into();
    }
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A").into()
}

/// Escapes the value of a property, as the toolkit of GitHub does.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ERROR_RULE, INFO_RULE, WARNING_RULE, finding, report};
    use super::*;
    use crate::source::text::is_deceptive;

    #[test]
    fn the_gravest_come_first_with_their_places() {
        let text = "id: é日本 x\nroles:\n  - a\n";
        let file = "types/sample/type.yaml";
        let info = Finding::new(&INFO_RULE, file.into(), "worth knowing");
        let warning = finding(&WARNING_RULE, file, text, "roles:\n  - a");
        let error = finding(&ERROR_RULE, file, text, "日本 x").help("100% of\r\nit");
        assert_eq!(
            render(&report(&[(file, text)], vec![info, warning, error])),
            "::error file=types/sample/type.yaml,line=1,col=6,endLine=1,endColumn=10,title=unknown-key\
             ::something is wrong%0Ahelp: 100%25 of\\r\\nit\n\
             ::warning file=types/sample/type.yaml,line=2,endLine=3,title=unreachable-rule::something is wrong\n\
             ::notice file=types/sample/type.yaml,title=listed-draft::worth knowing\n"
        );
    }

    #[test]
    fn contributed_text_can_not_give_commands() {
        let hostile = "x\r\n::set-output name=a::b\n\u{1b}[31m%0A,title=y:z\u{202e}";
        let one = Finding::new(&ERROR_RULE, format!("a,line=1:{hostile}").into(), hostile).help(hostile);
        let text = render(&report(&[], vec![one]));
        assert_eq!(text.lines().count(), 1, "{text}");
        let begin = "::error file=a%2Cline=1%3Ax\\r\\n%3A%3Aset-output name=a%3A%3Ab\\n\\u{1b}[31m%250A%2Ctitle=y%3Az\\u{202e},";
        assert!(text.starts_with(begin), "{text}");
        assert!(!text.trim_end().chars().any(is_deceptive), "{text}");
    }

    #[test]
    fn escapes_as_the_toolkit_does() {
        assert_eq!(data("50% a\r\nb: c, d"), "50%25 a%0D%0Ab: c, d");
        assert_eq!(property("50% a\r\nb: c, d"), "50%25 a%0D%0Ab%3A c%2C d");
    }

    #[test]
    fn the_rest_is_counted() {
        let findings = (0..MAX_SHOWN_PER_FILE + 3).map(|n| Finding::new(&ERROR_RULE, "a:b".into(), n.to_string()));
        let text = render(&report(&[], findings.collect()));
        assert_eq!(text.lines().count(), MAX_SHOWN_PER_FILE + 1);
        assert_eq!(text.lines().last(), Some("::notice title=oat::… and 3 more findings in a:b"));
    }
}
