//! Answers of `identify` in their forms.

use std::fmt::Write as _;

use clap::ValueEnum;

use crate::catalog::predicate::Need;
use crate::identify::facts::Facts;
use crate::identify::{Answer, Candidate, Context, Identifier, Verdict};
use crate::shape::json_rules;
use crate::source::text::{clip, visible};
use crate::source::{LineIndex, Problem};

/// Form of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// One JSON object with all answers.
    Json,
    /// One JSON object a line.
    Ndjson,
}

/// How answers are written.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// The form.
    pub format: Format,
    /// Also the rules that lost.
    pub explain: bool,
}

/// One document and the place from which it comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    /// The file as shown to the user.
    pub file: &'a str,
    /// Index within a stream or archive.
    pub document: usize,
    /// Whether the file may hold several documents.
    pub several: bool,
    /// Line of the document's first byte in the file, from 1.
    pub line: usize,
    /// Offset of the document's first byte in the file.
    pub offset: usize,
}

/// What was written before, to be copied: documents of one type have the same candidates.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The last candidates of each number, with their text.
    candidates: Vec<(Vec<(String, Need)>, String)>,
    /// The last file, with the beginning of its answers.
    file: (String, String),
}

impl Written {
    /// The beginning of an answer.
    fn begin(&mut self, file: &str, into: &mut String) {
        let (last, text) = &mut self.file;
        if text.is_empty() || last != file {
            file.clone_into(last);
            text.clear();
            text.push_str("{\"file\":");
            quote(file, text);
            text.push_str(",\"document\":");
        }
        into.push_str(text);
    }

    fn candidates(&mut self, candidates: &[Candidate<'_>], into: &mut String) {
        if self.candidates.len() <= candidates.len() {
            self.candidates.resize_with(candidates.len() + 1, Default::default);
        }
        let Some((last, text)) = self.candidates.get_mut(candidates.len()) else { return };
        let same = |(last, candidate): (&(String, Need), &Candidate<'_>)| {
            last.0 == candidate.type_id && last.1 == candidate.needs
        };
        if last.len() != candidates.len() || !last.iter().zip(candidates).all(same) {
            *last = candidates.iter().map(|candidate| (candidate.type_id.to_owned(), candidate.needs)).collect();
            text.clear();
            for (index, candidate) in candidates.iter().enumerate() {
                comma(index, text);
                text.push_str("{\"type\":");
                quote(candidate.type_id, text);
                text.push_str(",\"needs\":\"");
                text.push_str(need(candidate.needs));
                text.push_str("\"}");
            }
        }
        into.push_str(text);
    }
}

/// Writes the answer for a document that was read.
pub(super) fn write(
    written: &mut Written,
    style: &Style,
    origin: Origin<'_>,
    identifier: &Identifier,
    facts: &Facts<'_>,
    context: &Context<'_>,
    into: &mut String,
) {
    let answer = identifier.identify(facts, context);
    match style.format {
        Format::Human => human(style, origin, identifier, facts, context, &answer, into),
        Format::Json | Format::Ndjson => json(written, (style, origin), identifier, facts, context, &answer, into),
    }
}

/// Writes that a document could not be read.
pub(super) fn write_error(style: &Style, origin: Origin<'_>, text: &str, problem: &Problem, into: &mut String) {
    let (line, column) = LineIndex::new(text).line_column(text, problem.span.range().start);
    let line = line + origin.line - 1;
    let rule = json_rules::of(problem.kind).id;
    if style.format == Format::Human {
        let _ = writeln!(
            into,
            "{}: can not be read: line {line}, column {column}: {}",
            name(origin),
            visible(&problem.message)
        );
        return;
    }
    into.push_str("{\"file\":");
    quote(origin.file, into);
    let _ = write!(into, ",\"document\":{},\"error\":{{\"rule\":\"{rule}\",\"message\":", origin.document);
    quote(&visible(&problem.message), into);
    let offset = problem.span.range().start + origin.offset;
    let _ = write!(into, ",\"offset\":{offset},\"line\":{line},\"column\":{column}}}}}");
    end(style, into);
}

/// JSON objects of one line end with a line feed; those of the one object are joined by the caller.
fn end(style: &Style, into: &mut String) {
    if style.format == Format::Ndjson {
        into.push('\n');
    }
}

fn json(
    written: &mut Written,
    (style, origin): (&Style, Origin<'_>),
    identifier: &Identifier,
    facts: &Facts<'_>,
    context: &Context<'_>,
    answer: &Answer<'_>,
    into: &mut String,
) {
    written.begin(origin.file, into);
    let _ = write!(into, "{},\"type\":", origin.document);
    optional(answer.type_id, into);
    into.push_str(",\"certainty\":\"");
    into.push_str(answer.verdict.name());
    into.push_str("\",\"rule\":");
    optional(answer.rule, into);
    into.push_str(",\"evidence\":[");
    for (index, evidence) in answer.evidence.iter().enumerate() {
        comma(index, into);
        let pointer = evidence.pointer.as_str();
        let in_document = pointer.is_empty() || pointer.starts_with('/');
        into.push_str(if in_document { "{\"pointer\":" } else { "{\"context\":" });
        quote(pointer, into);
        into.push_str(",\"value\":");
        optional(evidence.value.as_deref(), into);
        into.push('}');
    }
    into.push_str("],\"candidates\":[");
    written.candidates(&answer.candidates, into);
    into.push_str("],\"facets\":");
    list(&answer.facets, into);
    into.push_str(",\"subtypes\":");
    list(&answer.subtypes, into);
    if answer.verdict == Verdict::Unknown {
        into.push_str(",\"nearest\":[");
        for (index, near) in identifier.nearest(facts).iter().enumerate() {
            comma(index, into);
            into.push_str("{\"type\":");
            quote(near.type_id, into);
            into.push_str(",\"missing\":");
            quote(&near.missing, into);
            into.push('}');
        }
        into.push(']');
    }
    if style.explain {
        into.push_str(",\"rivals\":[");
        for (index, rival) in identifier.rivals(facts, context).iter().enumerate() {
            comma(index, into);
            into.push_str("{\"type\":");
            quote(rival.type_id, into);
            into.push_str(",\"rule\":");
            quote(rival.rule, into);
            into.push_str(",\"why\":");
            quote(rival.why, into);
            into.push('}');
        }
        into.push(']');
    }
    into.push('}');
    end(style, into);
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Config => "config",
        Need::Tag => "tag",
        Need::Parent => "parent",
        Need::Children => "children",
        Need::Manifest => "manifest",
    }
}

fn human(
    style: &Style,
    origin: Origin<'_>,
    identifier: &Identifier,
    facts: &Facts<'_>,
    context: &Context<'_>,
    answer: &Answer<'_>,
    into: &mut String,
) {
    let _ = match (answer.type_id, answer.verdict) {
        (Some(id), Verdict::Exact) => write!(into, "{}: {id}", name(origin)),
        (Some(id), _) => write!(into, "{}: one of the family {id}", name(origin)),
        (None, _) => write!(into, "{}: unknown", name(origin)),
    };
    if !answer.facets.is_empty() {
        let _ = write!(into, ", with {}", answer.facets.join(", "));
    }
    if !answer.subtypes.is_empty() {
        let _ = write!(into, ", carrying {}", answer.subtypes.join(", "));
    }
    into.push('\n');
    if answer.verdict == Verdict::Unknown {
        for near in identifier.nearest(facts) {
            let _ = writeln!(into, "  resembles {}, which has {}", near.type_id, visible(&near.missing));
        }
    }
    for candidate in &answer.candidates {
        let what = match need(candidate.needs) {
            "config" => "the config blob",
            "tag" => "the tag",
            "parent" => "the index that lists it",
            "children" => "the manifests of its children",
            _ => "more evidence in the manifest",
        };
        let _ = writeln!(into, "  may be {}: {what} would decide", candidate.type_id);
    }
    if !style.explain {
        return;
    }
    if let Some(rule) = answer.rule {
        let _ = writeln!(into, "  decided by rule {rule}");
    }
    for evidence in &answer.evidence {
        let pointer = evidence.pointer.as_str();
        let at = if pointer.is_empty() { "shape".into() } else { visible(pointer) };
        let value = evidence.value.as_deref().unwrap_or("is there");
        let _ = writeln!(into, "    {at}: {}", visible(&clip(value, 200)));
    }
    for rival in identifier.rivals(facts, context) {
        let _ = writeln!(into, "  lost: {} by rule {}: {}", rival.type_id, rival.rule, rival.why);
    }
}

fn name(origin: Origin<'_>) -> String {
    let file = visible(origin.file);
    if origin.several { format!("{file}:{}", origin.line) } else { file.into_owned() }
}

fn comma(index: usize, into: &mut String) {
    if index > 0 {
        into.push(',');
    }
}

fn optional(value: Option<&str>, into: &mut String) {
    match value {
        Some(value) => quote(value, into),
        None => into.push_str("null"),
    }
}

fn list(values: &[&str], into: &mut String) {
    into.push('[');
    for (index, value) in values.iter().enumerate() {
        comma(index, into);
        quote(value, into);
    }
    into.push(']');
}

/// A JSON string. What needs no escape, nearly everything, is copied as it is.
fn quote(text: &str, into: &mut String) {
    // Without a branch for each byte, so that many are looked at in one step.
    let odd = |byte: u8| !(0x20..0x7F).contains(&byte) || (byte == b'"') || (byte == b'\\');
    if !text.bytes().fold(false, |any, byte| any | odd(byte)) {
        into.push('"');
        into.push_str(text);
        into.push('"');
        return;
    }
    into.push('"');
    for c in text.chars() {
        match c {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            c if crate::source::text::is_deceptive(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(into, "\\u{unit:04x}");
                }
            }
            c => into.push(c),
        }
    }
    into.push('"');
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quoted_text_is_json_and_shows_nothing_raw() {
        let text = "a\"b\\c\nd\u{1b}e\u{202e}é🐋\u{10ffff}";
        let mut quoted = String::new();
        quote(text, &mut quoted);
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        assert!(!quoted.chars().any(crate::source::text::is_deceptive));
    }
}
