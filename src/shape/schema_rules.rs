//! Rules about the form of an entry: what its JSON Schema says, each kind of violation with its page.

use crate::finding::{Rule, declare_rule};

declare_rule! {
    /// An entry has a key that the format does not know.
    ///
    /// ## Why
    /// A misspelt key would be lost in silence. The objects of an entry are closed.
    ///
    /// ## Reported
    /// ```yaml reported
    /// sumary: A chart.
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// summary: A chart.
    /// ```
    ///
    /// ## How to fix
    /// Correct the spelling, or remove the key. The schema and `types/README.md` list all keys.
    pub static UNKNOWN_KEY = { id: "unknown-key", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// An entry lacks a key that the format demands.
    ///
    /// ## Why
    /// Pages, mapping and exports rely on it.
    ///
    /// ## Reported
    /// ```yaml reported
    /// publisher:
    ///   name: Example
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// publisher:
    ///   name: Example
    ///   url: https://example.com
    /// ```
    ///
    /// ## How to fix
    /// Add the key.
    pub static MISSING_KEY = { id: "missing-key", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A value is not a word of the vocabulary.
    ///
    /// ## Why
    /// Roles, states, tiers and the like are fixed words, so that filters and exports can rely on them.
    ///
    /// ## Reported
    /// ```yaml reported
    /// tier: verfied
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// tier: listed
    /// ```
    ///
    /// ## How to fix
    /// Use one of the listed words.
    pub static UNKNOWN_VALUE = { id: "unknown-value", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A value has the wrong kind, length or form.
    ///
    /// ## Why
    /// Titles, labels, ids, dates and addresses have a form on which every consumer relies.
    ///
    /// ## Reported
    /// ```yaml reported
    /// label: A label of more than sixteen characters
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// label: A short label
    /// ```
    ///
    /// ## How to fix
    /// The message says what the form demands.
    pub static INVALID_VALUE = { id: "invalid-value", level: Error, since: "0.1.0", subject: Catalog }
}

declare_rule! {
    /// A predicate does not have the form of the grammar.
    ///
    /// ## Why
    /// A predicate is an object with exactly one of `all`, `any`, `not`, `field`, `layers`, `manifests`, `children`;
    /// a list has `match` beside it, and a field exactly one of `equals`, `oneOf`, `prefix`, `present`.
    ///
    /// ## Reported
    /// ```yaml reported
    /// identify:
    ///   rules:
    ///     - when:
    ///         field: config.mediaType
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// identify:
    ///   rules:
    ///     - when:
    ///         field: config.mediaType
    ///         equals: application/vnd.example.sample.config.v1+json
    /// ```
    ///
    /// ## How to fix
    /// Add what is missing, or split the object into the parts of `all`.
    pub static PREDICATE_FORM = { id: "predicate-form", level: Error, since: "0.1.0", subject: Catalog }
}

/// The rules of this file.
pub(crate) static RULES: [&Rule; 5] = [&UNKNOWN_KEY, &MISSING_KEY, &UNKNOWN_VALUE, &INVALID_VALUE, &PREDICATE_FORM];
