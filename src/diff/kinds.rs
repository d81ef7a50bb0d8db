//! The written rules: every kind of change, and what it means for those who use the mapping.
//!
//! A kind is *breaking* when a consumer that did everything right gets a wrong result or loses something that it was
//! given; *notable* when somebody should look, because people see it or a decision may depend on it; *harmless* when
//! nothing depends on it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// What a change means for those who use the mapping, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "a comment on each word would make alternatives of the schema's plain list")]
pub enum Class {
    Breaking,
    Notable,
    Harmless,
}

impl Class {
    /// All classes, the gravest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Notable, Self::Harmless];

    /// Its spelling.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Notable => "notable",
            Self::Harmless => "harmless",
        }
    }
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Kebab case.
    pub id: &'static str,
    /// What it means.
    pub class: Class,
    /// First line: what changed. The rest: why it is of its class.
    pub docs: &'static str,
}

impl Kind {
    /// What changed, without the final full stop.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.docs.lines().next().unwrap_or_default().trim().trim_end_matches('.')
    }

    /// Why it is of its class, in one line.
    #[must_use]
    pub fn why(&self) -> String {
        self.docs.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Where it stands in the table.
    pub(super) fn position(&self) -> usize {
        KINDS.iter().position(|kind| kind.id == self.id).unwrap_or(KINDS.len())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

impl JsonSchema for Kind {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Kind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids: Vec<&str> = KINDS.iter().map(|kind| kind.id).collect();
        json_schema!({ "type": "string", "enum": ids })
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $class:ident $name:ident = $id:literal;)+) => {
        $($(#[doc = $doc])+ pub static $name: Kind = Kind {
            id: $id, class: Class::$class, docs: concat!($($doc, "\n"),+),
        };)+

        /// The table: every kind, the gravest class first.
        pub static KINDS: &[&Kind] = &[$(&$name),+];
    };
}

kinds! {
    /// A type is gone.
    ///
    /// Its artifacts stay in registries and are recognised as something else, or not at all.
    Breaking TYPE_REMOVED = "type-removed";
    /// Two ids changed places.
    ///
    /// Each id now stands for what the other one was: what is allowed, filtered or shown by id applies to the wrong type.
    Breaking IDS_SWAPPED = "ids-swapped";
    /// An id stands for another type than before.
    ///
    /// What is allowed, filtered or shown by id silently applies to something else. An id is never to be used again.
    Breaking ID_REUSED = "id-reused";
    /// A type has another id.
    ///
    /// Selections, policies and dashboards name types by id; an alias helps people who search, not programs that compare.
    Breaking ID_RENAMED = "id-renamed";
    /// An entry became a facet, or a facet a type.
    ///
    /// A facet is no answer: it is told besides the type.
    Breaking KIND_CHANGED = "kind-changed";
    /// The selection takes a type no more.
    ///
    /// It is not shown, listed or allowed any longer where the selection is used.
    Breaking SELECTION_LEFT = "selection-left";
    /// An example gets another answer.
    ///
    /// Artifacts of that form are shown, filtered and allowed as something else. Only where a new type's own example
    /// was of a general type before, that is not breaking.
    Breaking ANSWER_CHANGED = "answer-changed";
    /// A rule recognises other documents than before.
    ///
    /// Documents that it does not hold of any more get another answer, and so may those that it newly holds of.
    Breaking RULE_CHANGED = "rule-changed";
    /// A type has a rule less.
    ///
    /// Documents of that form are recognised as something else, or not at all.
    Breaking RULE_REMOVED = "rule-removed";
    /// Two rules that one document can satisfy are tried the other way round.
    ///
    /// The first rule that holds decides: such a document is now of the other type.
    Breaking RULE_ORDER_CHANGED = "rule-order-changed";
    /// A media type came to say nothing.
    ///
    /// As `artifactType`, or as the media type of the config, it counts as absent now: documents that have it are told
    /// by what else they have.
    Breaking PLACEHOLDER_ADDED = "placeholder-added";
    /// A media type that said nothing tells something.
    ///
    /// As `artifactType`, or as the media type of the config, it counted as absent: documents that have it get another
    /// answer, or none.
    Breaking PLACEHOLDER_REMOVED = "placeholder-removed";
    /// A type has a sub-type less.
    ///
    /// It is told of no document any more.
    Breaking SUBTYPE_REMOVED = "subtype-removed";
    /// A sub-type is recognised by something else.
    ///
    /// Documents lose or gain it.
    Breaking SUBTYPE_CHANGED = "subtype-changed";
    /// A type names a media type no more.
    ///
    /// Allow lists and look-ups made from the catalog lose it.
    Breaking MEDIA_TYPE_REMOVED = "media-type-removed";
    /// A media type went from one type to another.
    ///
    /// Look-ups by media type give another type, and an allow list of the first type loses it.
    Breaking MEDIA_TYPE_MOVED = "media-type-moved";
    /// A media type has no element in `mediaTypes` any more.
    ///
    /// Programs that know only that list, the form of 2019, have no name for it.
    Breaking MAPPED_MEDIA_TYPE_REMOVED = "mapped-media-type-removed";
    /// A media type stands for another type in `mediaTypes`.
    ///
    /// Programs that know only that list, the form of 2019, show another name for it.
    Breaking MAPPED_MEDIA_TYPE_MOVED = "mapped-media-type-moved";
    /// The structure of a type refuses what it accepted.
    ///
    /// Documents that were clean under `oat lint` have errors now.
    Breaking STRUCTURE_TIGHTENED = "structure-tightened";

    /// There is a new type.
    ///
    /// Its artifacts were unknown, or only recognised as something more general; where all types are taken, it is too.
    Notable TYPE_ADDED = "type-added";
    /// The selection takes a type that it did not take.
    ///
    /// It is shown, listed and allowed from now on where the selection is used.
    Notable SELECTION_ENTERED = "selection-entered";
    /// Documents of a general type are recognised as a new type.
    ///
    /// The examples are the new type's own, and were known by what many types share, or as what it is a kind of; the
    /// general type was right as far as it went. Who allows the general type by id should look.
    Notable ANSWER_REFINED = "answer-refined";
    /// An example that was unknown has an answer.
    ///
    /// Nothing that was known changes; artifacts of that form begin to be shown as the type.
    Notable ANSWER_GAINED = "answer-gained";
    /// A type has a rule more.
    ///
    /// Another form of it is recognised. Where it takes documents from another type, that is told by itself.
    Notable RULE_ADDED = "rule-added";
    /// A type refines other base types than before.
    ///
    /// The answer is the same, but other types are named as candidates beside it.
    Notable REFINEMENT_CHANGED = "refinement-changed";
    /// A type has a new sub-type.
    ///
    /// It is told of documents besides the answer.
    Notable SUBTYPE_ADDED = "subtype-added";
    /// A type has another title.
    ///
    /// People see another name.
    Notable TITLE_CHANGED = "title-changed";
    /// A type has another label.
    ///
    /// People see another name in listings.
    Notable LABEL_CHANGED = "label-changed";
    /// The status of a type is another one.
    ///
    /// A deprecated or withdrawn type should not be written any more, and selections may choose by status.
    Notable STATUS_CHANGED = "status-changed";
    /// The type that takes the place of another one is a new one, or is named no more.
    ///
    /// Who moves away from a deprecated type is led elsewhere.
    Notable SUCCESSOR_CHANGED = "successor-changed";
    /// The tier of a type is another one.
    ///
    /// The entry is better or worse proved than before, and selections may choose by tier.
    Notable TIER_CHANGED = "tier-changed";
    /// The roles of a type are others.
    ///
    /// Filters, selections and the glyph that stands in for a picture go by role.
    Notable ROLES_CHANGED = "roles-changed";
    /// A type has another more general type.
    ///
    /// Families have other members, and so other candidates.
    Notable PARENT_CHANGED = "parent-changed";
    /// How a type is attached to other artifacts is said differently.
    ///
    /// Who looks for attached artifacts looks by subject, tag or index.
    Notable ATTACHMENT_CHANGED = "attachment-changed";
    /// An alias is gone.
    ///
    /// A search by that name, or by a former id, finds the type no more.
    Notable ALIAS_REMOVED = "alias-removed";
    /// A type names a new media type.
    ///
    /// Allow lists made from the catalog grow.
    Notable MEDIA_TYPE_ADDED = "media-type-added";
    /// A media type became a former one.
    ///
    /// It is still the type's, but tools write another one.
    Notable MEDIA_TYPE_FORMER = "media-type-former";
    /// A former media type was added.
    ///
    /// Old artifacts use it: allow lists made from the catalog grow.
    Notable FORMER_MEDIA_TYPE_ADDED = "former-media-type-added";
    /// A media type has a new element in `mediaTypes`.
    ///
    /// Programs that know only that list, the form of 2019, have a name for it now.
    Notable MAPPED_MEDIA_TYPE_ADDED = "mapped-media-type-added";
    /// A type has a new action.
    ///
    /// User interfaces offer one command more: look at it before people run it.
    Notable ACTION_ADDED = "action-added";
    /// An action is gone.
    ///
    /// User interfaces offer one command less.
    Notable ACTION_REMOVED = "action-removed";
    /// An action runs another command, or asks for other inputs.
    ///
    /// Look at it before people run it.
    Notable ACTION_CHANGED = "action-changed";
    /// The tools of a type, or where to get them, are others.
    ///
    /// People are sent there to install programs.
    Notable TOOLS_CHANGED = "tools-changed";
    /// What a scanner may do with a type is said differently.
    ///
    /// Scanners and runtimes decide by it.
    Notable SCANNING_CHANGED = "scanning-changed";
    /// The structure of a type accepts what it refused.
    ///
    /// Documents that had errors under `oat lint` are clean now.
    Notable STRUCTURE_LOOSENED = "structure-loosened";
    /// The JSON Schema of a type's config blob is another one.
    ///
    /// Configs may be refused or accepted now; which of the two can not be told from the schemas.
    Notable CONFIG_SCHEMA_CHANGED = "config-schema-changed";

    /// A type has another summary.
    ///
    /// The same in other words.
    Harmless SUMMARY_CHANGED = "summary-changed";
    /// A type has another description.
    ///
    /// The same in other words.
    Harmless DESCRIPTION_CHANGED = "description-changed";
    /// A type has a new alias.
    ///
    /// Searches find it by one name more.
    Harmless ALIAS_ADDED = "alias-added";
    /// The picture of a type, or its terms, are others.
    ///
    /// A picture never decides anything, and can always be left out.
    Harmless ICON_CHANGED = "icon-changed";
    /// The links of a type are others.
    ///
    /// Only people follow them.
    Harmless LINKS_CHANGED = "links-changed";
    /// The sources of a type are others.
    ///
    /// They prove the entry; nothing is computed from them.
    Harmless SOURCES_CHANGED = "sources-changed";
    /// What is said about registration with IANA is different.
    ///
    /// Registration is never required.
    Harmless IANA_CHANGED = "iana-changed";
    /// The publisher, the owner or the first date of a type are said differently.
    ///
    /// Nothing that consumers do depends on it.
    Harmless ORIGIN_CHANGED = "origin-changed";
    /// The notes of a rule, a sub-type or a former media type are others.
    ///
    /// The same in other words.
    Harmless NOTES_CHANGED = "notes-changed";
    /// The documentation or the order of actions is another one.
    ///
    /// The commands are the same.
    Harmless ACTIONS_DESCRIBED = "actions-described";
    /// The structure of a type says the same in other words.
    ///
    /// It accepts and refuses what it did.
    Harmless STRUCTURE_DESCRIBED = "structure-described";
    /// The examples of a type are others.
    ///
    /// Where an answer changed with them, that is told by itself.
    Harmless EXAMPLES_CHANGED = "examples-changed";
    /// The history of a type has other lines.
    ///
    /// It tells of changes, and is none.
    Harmless HISTORY_CHANGED = "history-changed";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_whole_and_in_order() {
        assert!(KINDS.windows(2).all(|pair| pair[0].class <= pair[1].class));
        let ids: BTreeSet<&str> = KINDS.iter().map(|kind| kind.id).collect();
        assert_eq!(ids.len(), KINDS.len());
        for kind in KINDS {
            assert!(kind.docs.lines().next().unwrap().ends_with('.'), "{}", kind.id);
            assert!(kind.why().ends_with('.') && crate::catalog::model::is_id(kind.id), "{}", kind.id);
        }
    }
}
