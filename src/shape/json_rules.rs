//! Rules about the text of a JSON document: what every reader must read alike.

use crate::finding::{Rule, declare_rule};
use crate::source::ProblemKind;

declare_rule! {
    /// A document is not well-formed JSON.
    ///
    /// ## Why
    /// A registry or client that is lenient reads something, a strict one refuses it. Nothing after the place was
    /// read.
    ///
    /// ## Reported
    /// ```json reported whole
    /// { "schemaVersion": 2, }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// JSON has no comments, no comma before a closing bracket, no single quotes, no `NaN`.
    ///
    /// ## Specification
    /// [RFC 8259, section 2](https://www.rfc-editor.org/rfc/rfc8259#section-2)
    pub static JSON_SYNTAX = { id: "json-syntax", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// Text follows the end of a document.
    ///
    /// ## Why
    /// Some readers stop at the end of the first value and never see the rest, others refuse the whole. The digest
    /// covers all of it.
    ///
    /// ## Reported
    /// ```json reported whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] } x
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Remove what follows, or give the documents one to a line as a stream.
    ///
    /// ## Specification
    /// [RFC 8259, section 2](https://www.rfc-editor.org/rfc/rfc8259#section-2)
    pub static JSON_TRAILING_DATA = { id: "json-trailing-data", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is not a JSON object.
    ///
    /// ## Why
    /// Manifests and indexes are objects.
    ///
    /// ## Reported
    /// ```json reported whole
    /// ["manifests"]
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Give one manifest or index to a document.
    ///
    /// ## Specification
    /// [image-spec 1.1.1, manifest.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md)
    pub static JSON_TOP_LEVEL_OBJECT = { id: "json-top-level-object", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is not UTF-8.
    ///
    /// ## Why
    /// JSON between systems is UTF-8; readers guess anything else differently.
    ///
    /// ## How to fix
    /// Save the document as UTF-8.
    ///
    /// ## Specification
    /// [RFC 8259, section 8.1](https://www.rfc-editor.org/rfc/rfc8259#section-8.1)
    pub static JSON_ENCODING_UTF8 = { id: "json-encoding-utf8", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document begins with a byte order mark.
    ///
    /// ## Why
    /// Writers must not add one, and readers may refuse it.
    ///
    /// ## How to fix
    /// Save the document as UTF-8 without BOM.
    ///
    /// ## Specification
    /// [RFC 8259, section 8.1](https://www.rfc-editor.org/rfc/rfc8259#section-8.1)
    pub static JSON_BOM = { id: "json-bom", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A name stands twice in one object.
    ///
    /// ## Why
    /// One reader takes the first, another the last: two programs see two manifests behind one digest.
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": [],
    ///   "\u006danifests": []
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }
    /// ```
    ///
    /// ## How to fix
    /// Keep one of the two.
    ///
    /// ## Specification
    /// [RFC 8259, section 4](https://www.rfc-editor.org/rfc/rfc8259#section-4)
    pub static JSON_DUPLICATE_NAMES = { id: "json-duplicate-names", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A number is beyond what every reader can hold.
    ///
    /// ## Why
    /// Sizes are 64-bit integers; readers round what does not fit, each in its own way.
    ///
    /// ## Reported
    /// ```json reported whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": [],
    ///   "x": 9007199254740993
    /// }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": [],
    ///   "x": 9007199254740991
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use a smaller number, or text.
    ///
    /// ## Specification
    /// [RFC 8259, section 6](https://www.rfc-editor.org/rfc/rfc8259#section-6)
    pub static JSON_NUMBER_PRECISION = { id: "json-number-precision", level: Warning, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// An escape names half of a surrogate pair.
    ///
    /// ## Why
    /// It is no character; readers replace it, keep it or refuse the document.
    ///
    /// ## Reported
    /// ```json reported whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [], "x": "\ud800" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// {
    ///   "schemaVersion": 2,
    ///   "mediaType": "application/vnd.oci.image.index.v1+json",
    ///   "manifests": [],
    ///   "x": "\ud83d\ude00"
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Write both halves, or the character itself.
    ///
    /// ## Specification
    /// [RFC 8259, section 8.2](https://www.rfc-editor.org/rfc/rfc8259#section-8.2)
    pub static JSON_LONE_SURROGATE = { id: "json-lone-surrogate", level: Error, since: "0.1.0", subject: Manifest, spec: Main, earlier: Warning }
}

declare_rule! {
    /// A string holds a code point that Unicode reserves for internal use.
    ///
    /// ## Why
    /// Noncharacters are not for interchange; databases and readers refuse or drop them.
    ///
    /// ## Reported
    /// ```json reported whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [], "x": "\ufffe" }
    /// ```
    ///
    /// ## Accepted
    /// ```json accepted whole
    /// { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [], "x": "\ufffd" }
    /// ```
    ///
    /// ## How to fix
    /// Remove it.
    ///
    /// ## Specification
    /// [RFC 7493, section 2.1](https://www.rfc-editor.org/rfc/rfc7493#section-2.1)
    pub static JSON_NONCHARACTER = { id: "json-noncharacter", level: Error, since: "0.1.0", subject: Manifest, spec: Main, earlier: Warning }
}

declare_rule! {
    /// A document nests arrays and objects deeper than 64 levels.
    ///
    /// ## Why
    /// Readers have limits of their own, and deep nesting exhausts the stack of those that have none.
    ///
    /// ## How to fix
    /// Flatten the document; a manifest needs six levels.
    ///
    /// ## Specification
    /// [RFC 8259, section 9](https://www.rfc-editor.org/rfc/rfc8259#section-9)
    pub static JSON_DEPTH = { id: "json-depth", level: Error, since: "0.1.0", subject: Manifest }
}

declare_rule! {
    /// A document is larger than 8 MiB.
    ///
    /// ## Why
    /// Registries need to accept 4 MiB; this program reads twice as much and refuses more.
    ///
    /// ## How to fix
    /// Move content from annotations and `data` into blobs.
    ///
    /// ## Specification
    /// [distribution-spec 1.1.1, pushing manifests](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests)
    pub static JSON_INPUT_SIZE = { id: "json-input-size", level: Error, since: "0.1.0", subject: Manifest }
}

/// The rules of this file.
pub(crate) static RULES: [&Rule; 11] = [
    &JSON_SYNTAX,
    &JSON_TRAILING_DATA,
    &JSON_TOP_LEVEL_OBJECT,
    &JSON_ENCODING_UTF8,
    &JSON_BOM,
    &JSON_DUPLICATE_NAMES,
    &JSON_NUMBER_PRECISION,
    &JSON_LONE_SURROGATE,
    &JSON_NONCHARACTER,
    &JSON_DEPTH,
    &JSON_INPUT_SIZE,
];

/// The rule that a problem of the JSON reader breaks.
#[must_use]
pub const fn of(kind: ProblemKind) -> &'static Rule {
    match kind {
        ProblemKind::Encoding => &JSON_ENCODING_UTF8,
        ProblemKind::ByteOrderMark => &JSON_BOM,
        ProblemKind::Size => &JSON_INPUT_SIZE,
        ProblemKind::Depth => &JSON_DEPTH,
        ProblemKind::TrailingData => &JSON_TRAILING_DATA,
        ProblemKind::Root => &JSON_TOP_LEVEL_OBJECT,
        ProblemKind::DuplicateKey => &JSON_DUPLICATE_NAMES,
        ProblemKind::NumberPrecision => &JSON_NUMBER_PRECISION,
        ProblemKind::LoneSurrogate => &JSON_LONE_SURROGATE,
        ProblemKind::Noncharacter => &JSON_NONCHARACTER,
        ProblemKind::Syntax | ProblemKind::Character | ProblemKind::Profile | ProblemKind::AmbiguousScalar => {
            &JSON_SYNTAX
        }
    }
}
