//! License expressions in annotations.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use spdx::error::Reason;
use spdx::identifiers::{EXCEPTIONS, LICENSES, VERSION};
use spdx::{Expression, ParseMode};

use super::lint::{Lint, show};
use crate::finding::{Rule, declare_rule};
use crate::shape::schema::nearest_word;
use crate::source::tape::Json;

declare_rule! {
    /// A license is not an expression of SPDX.
    ///
    /// ## Why
    /// License scanners read the value by the grammar of SPDX. What they can not read they treat as no license, or as an
    /// unknown one that somebody must look at.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.licenses": "Apache-2.0, MIT" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "Apache-2.0 AND (MIT OR BSD-3-Clause)" }
    /// ```
    ///
    /// ## How to fix
    /// Join licenses by `AND` when all of them apply and by `OR` when there is a choice.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, annotations.md, pre-defined annotation keys](https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys),
    /// [SPDX 2.3, annex D.1](https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/#D.1)
    pub static SPDX_GRAMMAR = { id: "spdx-grammar", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An operator of a license expression is not in capitals.
    ///
    /// ## Why
    /// SPDX 2.3, which the image specification names, has `AND`, `OR` and `WITH` in capitals. Readers of that release
    /// take another spelling for an unknown license.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.licenses": "Apache-2.0 or MIT" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "Apache-2.0 OR MIT" }
    /// ```
    ///
    /// ## How to fix
    /// Write the operator in capitals.
    ///
    /// ## Specification
    /// [SPDX 2.3, annex D.2](https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/#D.2)
    pub static SPDX_OPERATOR_CASE = { id: "spdx-operator-case", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A license is not on the SPDX License List.
    ///
    /// ## Why
    /// Scanners and policies compare identifiers. A name of another spelling is an unknown license to them.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.licenses": "Apache License 2.0" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "Apache-2.0" }
    /// ```
    ///
    /// Identifiers are compared without regard to case, as SPDX says.
    ///
    /// ## How to fix
    /// Write the identifier of the [list](https://spdx.org/licenses/). For a license that is not on it, write
    /// `LicenseRef-` and a name of your own.
    ///
    /// ## Specification
    /// [SPDX 2.3, annex D.3](https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/#D.3)
    pub static SPDX_LICENSE_KNOWN = { id: "spdx-license-known", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// What stands behind `WITH` is not on the list of SPDX license exceptions.
    ///
    /// ## Why
    /// Scanners know exceptions by their identifiers. They can not tell what an unknown one permits.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.licenses": "GPL-2.0-or-later WITH Classpath" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "GPL-2.0-or-later WITH Classpath-exception-2.0" }
    /// ```
    ///
    /// ## How to fix
    /// Write the identifier of the [list of exceptions](https://spdx.org/licenses/exceptions-index.html).
    ///
    /// ## Specification
    /// [SPDX 2.3, annex D.4.4](https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/#D.4.4)
    pub static SPDX_EXCEPTION_KNOWN = { id: "spdx-exception-known", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An identifier of SPDX is deprecated.
    ///
    /// ## Why
    /// `GPL-2.0` does not say whether later versions of the license may be chosen, so SPDX has put two identifiers in
    /// its place. The others of this kind were replaced by a license with an exception, or by another spelling.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.licenses": "GPL-2.0" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "GPL-2.0-only" }
    /// ```
    ///
    /// ## How to fix
    /// Write the identifier that has taken its place.
    ///
    /// ## Specification
    /// [SPDX License List, deprecated identifiers](https://spdx.org/licenses/#deprecated)
    pub static SPDX_LICENSE_DEPRECATED = {
        id: "spdx-license-deprecated", level: Info, since: "0.1.0", subject: Manifest,
    }
}

declare_rule! {
    /// A reference to a license of one's own is malformed.
    ///
    /// ## Why
    /// `LicenseRef-` takes letters, digits, `-` and `.`. Readers stop at any other character and lose the license.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.licenses": "LicenseRef-My_License" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "LicenseRef-My-License OR DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2" }
    /// ```
    ///
    /// ## How to fix
    /// Use only letters, digits, `-` and `.` behind `LicenseRef-` and `DocumentRef-`.
    ///
    /// ## Specification
    /// [SPDX 2.3, annex D.1](https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/#D.1)
    pub static SPDX_LICENSE_REF = { id: "spdx-license-ref", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// `NONE` or `NOASSERTION` stands in place of a license.
    ///
    /// ## Why
    /// In fields of SPDX documents these words stand in place of a license expression; they are not expressions
    /// themselves. An annotation says the same by being absent.
    ///
    /// ## Reported
    /// ```json reported annotations
    /// { "org.opencontainers.image.licenses": "NOASSERTION" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted annotations
    /// { "org.opencontainers.image.licenses": "LicenseRef-Proprietary" }
    /// ```
    ///
    /// ## How to fix
    /// Leave the annotation out, or name the license.
    ///
    /// ## Specification
    /// [SPDX 2.3, section 7.13](https://spdx.github.io/spdx-spec/v2.3/package-information/#7.13)
    pub static SPDX_NONE = { id: "spdx-none", level: Warning, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &SPDX_EXCEPTION_KNOWN,
    &SPDX_GRAMMAR,
    &SPDX_LICENSE_DEPRECATED,
    &SPDX_LICENSE_KNOWN,
    &SPDX_LICENSE_REF,
    &SPDX_NONE,
    &SPDX_OPERATOR_CASE,
];

/// Identifiers and their parts are looked at afterwards, each for itself.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: true,
};

/// Most findings about one expression.
const MOST: usize = 100;

pub(super) fn check<'a>(lint: &mut Lint<'a>, value: Json<'a>, text: &'a str) {
    // What nearly all artifacts have: one identifier.
    if spdx::license_id(text).is_some_and(|id| !id.is_deprecated() && id.name == text && !is_none(text)) {
        return;
    }
    for wrong in mistakes(text) {
        lint.within(wrong.rule, value, wrong.at, wrong.message).help(wrong.help).done();
    }
}

/// Something that is wrong with an expression.
struct Wrong {
    rule: &'static Rule,
    at: Range<usize>,
    message: String,
    help: String,
}

impl Wrong {
    fn new(rule: &'static Rule, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { rule, at, message: message.into(), help: help.into() }
    }
}

fn mistakes(text: &str) -> Vec<Wrong> {
    if let Some(wrong) = unreadable(text) {
        return vec![wrong];
    }
    let (readable, words) = canonical(text);
    if let Err(error) = Expression::parse_mode(&readable, MODE) {
        let at = at_word(&words, error.span);
        let name = || if text.contains(['(', ')']) { None } else { named(text).or_else(|| free_text(text)) };
        let whole = if matches!(error.reason, Reason::Unexpected(_)) { name() } else { None };
        return vec![whole.unwrap_or_else(|| malformed(text, at, &error.reason))];
    }
    let mut found = Vec::new();
    let mut with = false;
    for Word { at, name, kind } in words {
        if found.len() == MOST {
            break;
        }
        let written = &text[at.clone()];
        match kind {
            Found::Operator if written != name => {
                let message = format!("the operator `{written}` is not in capitals");
                found.push(Wrong::new(&SPDX_OPERATOR_CASE, at, message, format!("write `{name}`")));
            }
            Found::Operator => {}
            _ if with => found.extend(exception(at, &name)),
            _ => found.extend(license(text, at, &name)),
        }
        with = name == "WITH";
    }
    found
}

/// A word of an expression: an operator or an identifier.
#[derive(Debug, PartialEq, Eq)]
struct Word {
    at: Range<usize>,
    /// As SPDX spells it, when it knows the word.
    name: String,
    kind: Found,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Operator,
    Known,
    Unknown,
}

/// A text with operators and identifiers as SPDX spells them, at the same bytes, and its words. The parser compares
/// case; SPDX does so for operators only.
fn canonical(text: &str) -> (String, Vec<Word>) {
    let mut readable = String::with_capacity(text.len());
    let mut words = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(is_between) {
        let word = piece.trim_end_matches(is_between);
        let (name, kind) = spelled(word);
        readable.push_str(match kind {
            // The parser knows no `+` behind what it does not know.
            Found::Unknown if !is_ref(word) => word.trim_end_matches('+'),
            _ => &name,
        });
        // White space is one byte long for the parser too.
        while readable.len() < start + word.len() {
            readable.push(' ');
        }
        readable.push_str(&piece[word.len()..]);
        if !word.is_empty() {
            words.push(Word { at: start..start + word.len(), name, kind });
        }
        start += piece.len();
    }
    (readable, words)
}

/// Whether a character stands between words.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')')
}

/// Identifiers of licenses and exceptions by their small letters; made when the first word is not spelled as in SPDX.
static SPELLINGS: LazyLock<BTreeMap<String, &str>> = LazyLock::new(|| {
    let names = LICENSES.iter().map(|license| license.name).chain(EXCEPTIONS.iter().map(|exception| exception.name));
    names.map(|name| (name.to_ascii_lowercase(), name)).collect()
});

/// Licenses by the [`key`] of what they are called; made when the first one is unknown.
static NAMES: LazyLock<BTreeMap<String, &str>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for license in LICENSES.iter().filter(|license| is_current(license.name)) {
        names.entry(key(license.full_name)).or_insert(license.name);
    }
    // An identifier is nearer than a name.
    names.extend(LICENSES.iter().filter(|license| is_current(license.name)).map(|it| (key(it.name), it.name)));
    names.extend(COMMON_NAMES.iter().map(|(name, id)| ((*name).to_owned(), *id)));
    names
});

/// A word as SPDX spells it.
fn spelled(word: &str) -> (String, Found) {
    if let Some(operator) = ["AND", "OR", "WITH"].into_iter().find(|known| known.eq_ignore_ascii_case(word)) {
        return (operator.to_owned(), Found::Operator);
    }
    let (base, plus) = word.strip_suffix('+').map_or((word, ""), |base| (base, "+"));
    let known = spdx::license_id(base).map(|id| id.name).filter(|name| *name == base);
    let known = known.or_else(|| SPELLINGS.get(&base.to_ascii_lowercase()).copied());
    known.map_or_else(|| (word.to_owned(), Found::Unknown), |name| (format!("{name}{plus}"), Found::Known))
}

/// Whether a word refers to a license outside of the list.
fn is_ref(word: &str) -> bool {
    ["LicenseRef-", "DocumentRef-"]
        .into_iter()
        .any(|prefix| word.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

/// Whether a word says that there is no license, or that nobody looked; the list of the crate has one of them.
fn is_none(word: &str) -> bool {
    ["NONE", "NOASSERTION"].iter().any(|none| none.eq_ignore_ascii_case(word))
}

/// A character that expressions do not have.
fn unreadable(text: &str) -> Option<Wrong> {
    let fits = |c: char| is_between(c) || c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | ':');
    let (at, c) = text.char_indices().find(|(_, c)| !fits(*c))?;
    let bytes = at..at + c.len_utf8();
    let start = at - text[..at].rsplit(is_between).next().map_or(0, str::len);
    if is_ref(&text[start..]) && !matches!(c, ',' | ';' | '/' | '|' | '&') {
        let message = format!("`{}` can not stand in a reference to a license", show(c.encode_utf8(&mut [0; 4])));
        return Some(Wrong::new(&SPDX_LICENSE_REF, bytes, message, "use letters, digits, `-` and `.`"));
    }
    if let Some(wrong) = named(text).or_else(|| free_text(text)) {
        return Some(wrong);
    }
    let message = format!("a license expression can not hold `{}`", show(c.encode_utf8(&mut [0; 4])));
    let help = match c {
        _ if text.contains("://") => "write the identifier of the license in place of its address",
        ',' | ';' | '/' | '|' | '&' => "join licenses by `AND` when all apply, by `OR` when there is a choice",
        _ => "write identifiers of the SPDX License List, joined by `AND` or `OR`",
    };
    Some(Wrong::new(&SPDX_GRAMMAR, bytes, message, help))
}

/// A text that is the name of one license rather than its identifier.
fn named(text: &str) -> Option<Wrong> {
    let id = NAMES.get(&key(text)).copied().filter(|id| !id.eq_ignore_ascii_case(text.trim()))?;
    // Who writes `+` has made a choice.
    let id = id.rsplit_once("` or `").filter(|_| text.trim_end().ends_with('+')).map_or(id, |(_, later)| later);
    let message = format!("`{}` is not an identifier of the SPDX License List", show(text));
    Some(Wrong::new(&SPDX_LICENSE_KNOWN, 0..text.len(), message, format!("did you mean `{id}`?")))
}

/// Whether a license of the list may be recommended.
fn is_current(name: &str) -> bool {
    spdx::license_id(name).is_some_and(|id| !id.is_deprecated()) && !name.ends_with('+')
}

/// A text without any license of the list and without operators.
fn free_text(text: &str) -> Option<Wrong> {
    let part = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    let words = || text.split(part).filter(|word| !word.is_empty());
    if words().any(|word| spelled(word).1 != Found::Unknown || is_ref(word)) {
        return None;
    }
    let own: Vec<&str> = words().collect();
    let help = match own.join("-") {
        _ if text.contains("://") => "write the identifier of the license in place of its address".to_owned(),
        own if own.is_empty() || own.len() > 40 => "write an identifier of the SPDX License List".to_owned(),
        own => format!("write an identifier of the SPDX License List, or `LicenseRef-{own}` for one of your own"),
    };
    let message = format!("`{}` is not a license expression", show(text));
    Some(Wrong::new(&SPDX_GRAMMAR, 0..text.len(), message, help))
}

/// A name without what people add to it, leave out of it and put between its parts.
fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let word = word.to_ascii_lowercase();
        let word = match word.strip_prefix('v') {
            Some(version) if version.starts_with(|c: char| c.is_ascii_digit()) => version,
            _ => &word,
        };
        if !matches!(word, "the" | "gnu" | "license" | "licence" | "version" | "v") {
            key.push_str(word);
        }
    }
    key
}

/// Names that are in use and are neither identifiers nor names on the list, as [`key`] makes them.
const COMMON_NAMES: [(&str, &str); 33] = [
    ("apache", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("apachesoftware2", "Apache-2.0"),
    ("apachesoftware20", "Apache-2.0"),
    ("apachev2", "Apache-2.0"),
    ("apl2", "Apache-2.0"),
    ("asl2", "Apache-2.0"),
    ("asl20", "Apache-2.0"),
    ("agpl3", "AGPL-3.0-only` or `AGPL-3.0-or-later"),
    ("agpl30", "AGPL-3.0-only` or `AGPL-3.0-or-later"),
    ("agplv3", "AGPL-3.0-only` or `AGPL-3.0-or-later"),
    ("bsd", "BSD-2-Clause` or `BSD-3-Clause"),
    ("bsd2", "BSD-2-Clause"),
    ("bsd3", "BSD-3-Clause"),
    ("bsl11", "BUSL-1.1"),
    ("gpl", "GPL-2.0-or-later` or `GPL-3.0-or-later"),
    ("gpl2", "GPL-2.0-only` or `GPL-2.0-or-later"),
    ("gpl20", "GPL-2.0-only` or `GPL-2.0-or-later"),
    ("gplv2", "GPL-2.0-only` or `GPL-2.0-or-later"),
    ("gpl3", "GPL-3.0-only` or `GPL-3.0-or-later"),
    ("gpl30", "GPL-3.0-only` or `GPL-3.0-or-later"),
    ("gplv3", "GPL-3.0-only` or `GPL-3.0-or-later"),
    ("lgpl", "LGPL-2.1-or-later` or `LGPL-3.0-or-later"),
    ("lgpl21", "LGPL-2.1-only` or `LGPL-2.1-or-later"),
    ("lgplv21", "LGPL-2.1-only` or `LGPL-2.1-or-later"),
    ("lgpl3", "LGPL-3.0-only` or `LGPL-3.0-or-later"),
    ("lgpl30", "LGPL-3.0-only` or `LGPL-3.0-or-later"),
    ("lgplv3", "LGPL-3.0-only` or `LGPL-3.0-or-later"),
    ("mozillapublic20", "MPL-2.0"),
    ("mpl", "MPL-2.0"),
    ("mpl2", "MPL-2.0"),
    ("mplv2", "MPL-2.0"),
    ("sspl", "SSPL-1.0"),
];

/// The whole word at the place of an error; the parser points at parts of words it does not know.
fn at_word(words: &[Word], span: Range<usize>) -> Range<usize> {
    words.iter().map(|word| &word.at).find(|at| at.contains(&span.start)).cloned().unwrap_or(span)
}

/// What the parser refuses.
fn malformed(text: &str, at: Range<usize>, reason: &Reason) -> Wrong {
    let found = show(&text[at.clone()]);
    let exception = EXCEPTIONS.iter().any(|known| known.name.eq_ignore_ascii_case(&found));
    let operator = ["AND", "OR", "WITH"].iter().any(|known| known.eq_ignore_ascii_case(&found));
    let operand = matches!(reason, Reason::Unexpected(expected) if expected.contains(&"<license>"));
    let (message, help) = match reason {
        Reason::Empty => ("there is no license in it".to_owned(), "write a license, or leave the annotation out"),
        Reason::UnclosedParens => ("a parenthesis is opened and not closed".to_owned(), "close it with `)`"),
        Reason::UnopenedParens => ("a parenthesis is closed that was not opened".to_owned(), "remove it"),
        Reason::SeparatedPlus => {
            ("a space stands before `+`".to_owned(), "write `+` at once behind the identifier of the license")
        }
        Reason::GnuNoPlus | Reason::GnuPlusWithSuffix => {
            (format!("`{found}` says twice that later versions may be chosen"), "remove the `+`")
        }
        Reason::Unexpected(["<addition>"]) if at.is_empty() => {
            ("nothing stands behind `WITH`".to_owned(), "write an exception of the SPDX list, or remove `WITH`")
        }
        Reason::Unexpected(["<addition>"]) => {
            let help = "write an identifier of the SPDX list of exceptions behind `WITH`";
            let message = format!("`{found}` is not an exception");
            return Wrong::new(&SPDX_EXCEPTION_KNOWN, at, message, help);
        }
        Reason::Unexpected(_) if at.is_empty() => (
            "the expression ends where a license is expected".to_owned(),
            "write another license, or remove the operator",
        ),
        Reason::Unexpected(_) if operand && exception => {
            (format!("`{found}` is an exception, not a license"), "write a license and `WITH` before it")
        }
        Reason::Unexpected(_) if operand => {
            (format!("`{found}` stands where a license is expected"), "write a license before it")
        }
        Reason::Unexpected(_) if operator => {
            (format!("`{found}` can not stand here"), "join licenses by `AND` or `OR`; `WITH` takes one exception")
        }
        Reason::Unexpected(_) => (
            format!("`{found}` stands where `AND` or `OR` is expected"),
            "join licenses by `AND` when all apply, by `OR` when there is a choice",
        ),
        _ => (format!("`{found}` is not part of a license expression"), "write identifiers, joined by `AND` or `OR`"),
    };
    Wrong::new(&SPDX_GRAMMAR, at, message, help)
}

/// What is wrong with an operand.
fn license(text: &str, at: Range<usize>, name: &str) -> Option<Wrong> {
    if is_ref(name) {
        return reference(at, name);
    }
    if is_none(name) {
        let message = format!("`{name}` is not a license");
        return Some(Wrong::new(&SPDX_NONE, at, message, "leave the annotation out, or name the license"));
    }
    let base = name.trim_end_matches('+');
    let Some(id) = spdx::license_id(base) else { return Some(unknown(text, at, name)) };
    if !id.is_deprecated() {
        return None;
    }
    let help = successor(name).map_or_else(
        || format!("take its successor from https://spdx.org/licenses/{}.html", id.name),
        |successor| format!("write `{successor}`"),
    );
    Some(Wrong::new(&SPDX_LICENSE_DEPRECATED, at, format!("`{name}` is deprecated"), help))
}

fn unknown(text: &str, at: Range<usize>, name: &str) -> Wrong {
    let own: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    let help = named(name)
        .map(|wrong| wrong.help)
        .or_else(|| Some(format!("did you mean `{}`?", near(name)?)))
        .unwrap_or_else(|| format!("write an identifier of the list, or `LicenseRef-{own}` for one of your own"));
    let message = format!("`{}` is not on the SPDX License List {VERSION}", show(&text[at.clone()]));
    Wrong::new(&SPDX_LICENSE_KNOWN, at, message, help)
}

/// The license of the list that a misspelling means. Short words are like many others, other digits are another
/// version, and `UNLICENSED` is not `Unlicense`. The first letter is hardly ever wrong.
fn near(name: &str) -> Option<&'static str> {
    let sure = (6..=60).contains(&name.len()) && !name.eq_ignore_ascii_case("unlicensed");
    let alike = |known: &&str| {
        known.as_bytes()[0].eq_ignore_ascii_case(&name.as_bytes()[0])
            && known.len().abs_diff(name.len()) <= 3
            && digits(known).zip(digits(name)).all(|(known, found)| known == found)
            && is_current(known)
    };
    if sure { nearest_word(name, LICENSES.iter().map(|license| license.name).filter(alike)) } else { None }
}

fn digits(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit)
}

/// What is wrong with a reference to a license outside of the list.
fn reference(at: Range<usize>, name: &str) -> Option<Wrong> {
    let is =
        |part: &str, prefix: &str| part.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let (document, license) =
        name.split_once(':').map_or((None, name), |(document, license)| (Some(document), license));
    let message = if document.is_some_and(|document| !is(document, "DocumentRef-")) || license.contains([':', '+']) {
        format!("`{}` is not of the form `DocumentRef-NAME:LicenseRef-NAME`", show(name))
    } else if !is(license, "LicenseRef-") {
        format!("`{}` refers to a document and to no license in it", show(name))
    } else if license.len() == "LicenseRef-".len() || document.is_some_and(|d| d.len() == "DocumentRef-".len()) {
        format!("`{}` has no name", show(name))
    } else {
        return None;
    };
    Some(Wrong::new(&SPDX_LICENSE_REF, at, message, "write `LicenseRef-` and a name of letters, digits, `-` and `.`"))
}

/// What is wrong with the operand of `WITH`.
fn exception(at: Range<usize>, name: &str) -> Option<Wrong> {
    match spdx::exception_id(name) {
        Some(id) if id.is_deprecated() => {
            let help = format!("take its successor from https://spdx.org/licenses/{name}.html");
            Some(Wrong::new(&SPDX_LICENSE_DEPRECATED, at, format!("`{name}` is deprecated"), help))
        }
        Some(_) => None,
        None => {
            let names = || EXCEPTIONS.iter().map(|exception| exception.name);
            let begins = |known: &&str| known.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            let near = nearest_word(name, names()).or_else(|| names().find(|known| name.len() > 3 && begins(known)));
            let help = near.map_or_else(
                || "take one from https://spdx.org/licenses/exceptions-index.html".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`{}` is not an exception of the SPDX License List {VERSION}", show(name));
            Some(Wrong::new(&SPDX_EXCEPTION_KNOWN, at, message, help))
        }
    }
}

/// What has taken the place of a deprecated identifier, where it is certain.
fn successor(name: &str) -> Option<String> {
    let (base, suffix) = name.strip_suffix('+').map_or((name, "-only"), |base| (base, "-or-later"));
    let direct = format!("{base}{suffix}");
    if spdx::license_id(&direct).is_some_and(|id| !id.is_deprecated()) {
        return Some(direct);
    }
    let table = [
        ("GPL-2.0-with-GCC-exception", "GPL-2.0-only WITH GCC-exception-2.0"),
        ("GPL-2.0-with-autoconf-exception", "GPL-2.0-only WITH Autoconf-exception-2.0"),
        ("GPL-2.0-with-bison-exception", "GPL-2.0-only WITH Bison-exception-2.2"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-2.0-with-font-exception", "GPL-2.0-only WITH Font-exception-2.0"),
        ("GPL-3.0-with-GCC-exception", "GPL-3.0-only WITH GCC-exception-3.1"),
        ("GPL-3.0-with-autoconf-exception", "GPL-3.0-only WITH Autoconf-exception-3.0"),
        ("StandardML-NJ", "SMLNJ"),
    ];
    table.into_iter().find(|(old, _)| *old == name).map(|(_, new)| new.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, Range<usize>, String)> {
        mistakes(text).into_iter().map(|wrong| (wrong.rule.id, wrong.at, wrong.help)).collect()
    }

    #[test]
    fn expressions_of_spdx_are_accepted() {
        for text in [
            "MIT",
            "apache-2.0",
            "MIT AND (Apache-2.0 OR BSD-3-Clause)",
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            "gpl-2.0-only with classpath-EXCEPTION-2.0".replace(" with ", " WITH ").as_str(),
            "CDDL-1.0+",
            "LicenseRef-Proprietary",
            "DocumentRef-a:LicenseRef-b OR  MIT",
            "LicenseRef-Acme WITH LLVM-exception",
            "((MIT))",
            "MIT AND\tISC",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn each_mistake_has_its_rule_and_place() {
        let join = "join licenses by `AND` when all apply, by `OR` when there is a choice";
        for (text, rule, at, help) in [
            ("MIT, Apache-2.0", "spdx-grammar", 3..4, join),
            ("MIT/Apache-2.0", "spdx-grammar", 3..4, join),
            ("MIT Apache-2.0", "spdx-grammar", 4..14, join),
            ("MIT AND", "spdx-grammar", 7..7, "write another license, or remove the operator"),
            ("AND MIT", "spdx-grammar", 0..3, "write a license before it"),
            ("(MIT", "spdx-grammar", 0..1, "close it with `)`"),
            ("MIT)", "spdx-grammar", 3..4, "remove it"),
            ("   ", "spdx-grammar", 0..3, "write a license, or leave the annotation out"),
            ("MIT WITH", "spdx-grammar", 8..8, "write an exception of the SPDX list, or remove `WITH`"),
            ("LLVM-exception", "spdx-grammar", 0..14, "write a license and `WITH` before it"),
            ("GPL-2.0-or-later+", "spdx-grammar", 0..17, "remove the `+`"),
            ("MIT and ISC", "spdx-operator-case", 4..7, "write `AND`"),
            ("Apache 2.0", "spdx-license-known", 0..10, "did you mean `Apache-2.0`?"),
            ("Apache License, Version 2.0", "spdx-license-known", 0..27, "did you mean `Apache-2.0`?"),
            ("MIT License", "spdx-license-known", 0..11, "did you mean `MIT`?"),
            ("BSD 3-Clause", "spdx-license-known", 0..12, "did you mean `BSD-3-Clause`?"),
            ("MIT OR GPLv3", "spdx-license-known", 7..12, "did you mean `GPL-3.0-only` or `GPL-3.0-or-later`?"),
            ("GNU GPLv3+", "spdx-license-known", 0..10, "did you mean `GPL-3.0-or-later`?"),
            (
                "UNLICENSED",
                "spdx-license-known",
                0..10,
                "write an identifier of the list, or `LicenseRef-UNLICENSED` for one of your own",
            ),
            (
                "Acme EULA/2",
                "spdx-grammar",
                0..11,
                "write an identifier of the SPDX License List, or `LicenseRef-Acme-EULA-2` for one of your own",
            ),
            ("Apache-2,0", "spdx-license-known", 0..10, "did you mean `Apache-2.0`?"),
            ("Apache-2.O", "spdx-license-known", 0..10, "did you mean `Apache-2.0`?"),
            (
                "MIT AND Proprietary",
                "spdx-license-known",
                8..19,
                "write an identifier of the list, or `LicenseRef-Proprietary` for one of your own",
            ),
            (
                "Foo-9.9+",
                "spdx-license-known",
                0..8,
                "write an identifier of the list, or `LicenseRef-Foo-9.9` for one of your own",
            ),
            ("MIT WITH LVM-exception", "spdx-exception-known", 9..22, "did you mean `LLVM-exception`?"),
            (
                "MIT WITH ISC",
                "spdx-exception-known",
                9..12,
                "write an identifier of the SPDX list of exceptions behind `WITH`",
            ),
            ("GPL-2.0+", "spdx-license-deprecated", 0..8, "write `GPL-2.0-or-later`"),
            ("MIT OR lgpl-2.1", "spdx-license-deprecated", 7..15, "write `LGPL-2.1-only`"),
            (
                "LicenseRef-",
                "spdx-license-ref",
                0..11,
                "write `LicenseRef-` and a name of letters, digits, `-` and `.`",
            ),
            ("LicenseRef-a_b", "spdx-license-ref", 12..13, "use letters, digits, `-` and `.`"),
            (
                "DocumentRef-a",
                "spdx-license-ref",
                0..13,
                "write `LicenseRef-` and a name of letters, digits, `-` and `.`",
            ),
            ("NONE", "spdx-none", 0..4, "leave the annotation out, or name the license"),
            ("MIT AND NOASSERTION", "spdx-none", 8..19, "leave the annotation out, or name the license"),
        ] {
            assert_eq!(found(text), [(rule, at, help.to_owned())], "{text}");
        }
        assert_eq!(found("Foo OR NOASSERTION or GPL-2.0").len(), 4);
    }

    #[test]
    fn any_text_is_taken() {
        for text in [
            "+",
            ":",
            "LicenseRef-a:b:c",
            "a:b",
            "\u{a0}MIT",
            "MIT\u{3000}AND ISC",
            "\u{e9}",
            "()",
            "DocumentRef-:LicenseRef-",
            "AdditionRef-x",
        ] {
            for wrong in mistakes(text) {
                assert!(text.get(wrong.at.clone()).is_some(), "{text} {:?}", wrong.at);
            }
        }
        let deep = format!("{}MIT{}", "(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(mistakes(&deep).len(), 0);
    }
}
