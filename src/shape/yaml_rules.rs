//! Rules about the text of an entry: one portable reading of YAML. The reader finds; this file says what it means.

use crate::finding::{Rule, declare_rule};
use crate::source::ProblemKind;

declare_rule! {
    /// A file is not UTF-8 text, or begins with a byte order mark.
    ///
    /// ## Why
    /// Readers guess other encodings differently, and a byte order mark becomes part of the first key for some.
    ///
    /// ## How to fix
    /// Save the file as UTF-8 without BOM.
    ///
    /// ## Specification
    /// [YAML 1.2.2, section 5.2](https://yaml.org/spec/1.2.2/#52-character-encodings)
    pub static UNREADABLE_TEXT = { id: "unreadable-text", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An entry holds a character that YAML readers treat differently.
    ///
    /// ## Why
    /// Tabs, carriage returns, control characters and the separators U+0085, U+2028 and U+2029 end a line for one
    /// reader and not for another: the reviewer and the program would see different files. Invisible and
    /// bidirectional characters hide what a text says. A last line without line feed changes block scalars.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: "A chart	with a tab."
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: "A chart without a tab."
    /// ```
    ///
    /// ## How to fix
    /// Use spaces and line feeds; remove the character, or write it as an escape in double quotes.
    ///
    /// ## Specification
    /// [YAML 1.2.2, section 5.4](https://yaml.org/spec/1.2.2/#54-line-break-characters)
    pub static UNPORTABLE_CHARACTER = { id: "unportable-character", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A file of the catalog is larger than the limit.
    ///
    /// ## Why
    /// Limits keep the check of a stranger's contribution bounded: 64 KiB for an entry, 32 KiB for an icon,
    /// 256 KiB for an example.
    ///
    /// ## How to fix
    /// Shorten the text. The largest sane entry needs a tenth of the limit.
    pub static OVERSIZED_FILE = { id: "oversized-file", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An entry nests collections deeper than 16 levels.
    ///
    /// ## Why
    /// Deep nesting exhausts the stack or the time of some readers. Predicates need a handful of levels.
    ///
    /// ## How to fix
    /// Flatten `all` and `any`: nested ones of the same kind can be joined.
    pub static DEEP_NESTING = { id: "deep-nesting", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An entry is not well-formed YAML.
    ///
    /// ## Why
    /// Nothing after the place can be read, so no other rule ran on this entry.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: "A text that is not closed.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: "A text that is closed."
    /// ```
    ///
    /// ## How to fix
    /// Look at the place and the line above it: a quote or bracket that is not closed, or a wrong indentation.
    ///
    /// ## Specification
    /// [YAML 1.2.2](https://yaml.org/spec/1.2.2/)
    pub static MALFORMED_YAML = { id: "malformed-yaml", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An entry is not a mapping of keys to values.
    ///
    /// ## Why
    /// An entry is one YAML document whose root is a mapping: `id: …`, `title: …`.
    ///
    /// ## How to fix
    /// Begin the file with `id:` at the left margin.
    pub static ROOT_NOT_A_MAPPING = { id: "root-not-a-mapping", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A key stands twice in one mapping.
    ///
    /// ## Why
    /// Some readers take the first, others the last, and none says so.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: One thing.
    /// summary: Another thing.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: One thing.
    /// ```
    ///
    /// ## How to fix
    /// Keep one of the two.
    ///
    /// ## Specification
    /// [YAML 1.2.2, section 3.2.1.3](https://yaml.org/spec/1.2.2/#3213-node-comparison)
    pub static DUPLICATE_KEY = { id: "duplicate-key", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An entry uses a part of YAML that readers treat differently.
    ///
    /// ## Why
    /// Anchors, aliases, tags, merge keys, directives, several documents and keys that are not text are read in
    /// different ways, or not at all, by the programs that consume the catalog; aliases can also grow without bound.
    ///
    /// ## Reported
    /// ```yaml reported
    /// summary: &text A chart.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: A chart.
    /// ```
    ///
    /// ## How to fix
    /// Write the value out.
    ///
    /// ## Specification
    /// [YAML 1.2.2, chapter 6](https://yaml.org/spec/1.2.2/#chapter-6-structural-productions)
    pub static UNPORTABLE_YAML = { id: "unportable-yaml", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A value without quotes is text for one YAML reader and something else for another.
    ///
    /// ## Why
    /// YAML 1.1 takes `yes`, `12:30`, `1_000` and `2024-01-01` for a boolean, a number and a date; YAML 1.2 takes
    /// them for text. Both are in use.
    ///
    /// ## Reported
    /// ```yaml reported
    /// since: 2024-01-01
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// since: "2024-01-01"
    /// ```
    ///
    /// ## How to fix
    /// Put the value in double quotes.
    ///
    /// ## Specification
    /// [YAML 1.2.2, section 10.3.2](https://yaml.org/spec/1.2.2/#1032-tag-resolution)
    pub static AMBIGUOUS_SCALAR = { id: "ambiguous-scalar", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// Two independent YAML readers take an entry for different values.
    ///
    /// ## Why
    /// The promise is that every tool reads an entry the same way. `lint` asks a second reader and compares.
    ///
    /// ## How to fix
    /// Rewrite the place in a plainer style: block mappings, and text in double quotes.
    pub static READER_DISAGREEMENT = { id: "reader-disagreement", level: Error, since: "0.1.0", subject: Catalog }
}

/// The rules of this file.
pub(crate) static RULES: [&Rule; 10] = [
    &UNREADABLE_TEXT,
    &UNPORTABLE_CHARACTER,
    &OVERSIZED_FILE,
    &DEEP_NESTING,
    &MALFORMED_YAML,
    &ROOT_NOT_A_MAPPING,
    &DUPLICATE_KEY,
    &UNPORTABLE_YAML,
    &AMBIGUOUS_SCALAR,
    &READER_DISAGREEMENT,
];

/// The rule that a problem of the YAML reader breaks.
pub(super) const fn of(kind: ProblemKind) -> &'static Rule {
    match kind {
        ProblemKind::Encoding | ProblemKind::ByteOrderMark => &UNREADABLE_TEXT,
        ProblemKind::Character => &UNPORTABLE_CHARACTER,
        ProblemKind::Size => &OVERSIZED_FILE,
        ProblemKind::Depth => &DEEP_NESTING,
        ProblemKind::Root => &ROOT_NOT_A_MAPPING,
        ProblemKind::DuplicateKey => &DUPLICATE_KEY,
        ProblemKind::Profile | ProblemKind::TrailingData => &UNPORTABLE_YAML,
        ProblemKind::AmbiguousScalar
        | ProblemKind::NumberPrecision
        | ProblemKind::LoneSurrogate
        | ProblemKind::Noncharacter => &AMBIGUOUS_SCALAR,
        ProblemKind::Syntax => &MALFORMED_YAML,
    }
}
