//! A registry as rows: each reference with what it holds, what is attached to it, and the commands for it.
//!
//! Rows are made of what somebody found, wherever that was: [`crawl`] finds it in a registry, the site has a sample.
//! Tables, pages and data are made of rows alone.

pub mod crawl;
pub mod forms;

use std::borrow::Cow;

use crate::catalog::RuleSet;
use crate::catalog::command::{self, Token, Values};
use crate::catalog::model::{ArtifactType, Certainty};
use crate::identify::evaluate::holds;
use crate::identify::{Context, Descriptor, Facts};
use crate::oci::reference::Reference;
use crate::source::text::visible;

/// Digits of a digest that are shown.
const SHOWN_DIGITS: usize = 12;

/// An artifact that was found in a registry.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The reference that leads to it: registry, repository, and tag or digest.
    pub reference: String,
    /// Digest of the document; empty when it is not known.
    pub digest: String,
    /// The manifest or index, or why it could not be had.
    pub document: Result<Cow<'a, str>, String>,
    /// The config blob, when it was read.
    pub config: Option<Cow<'a, str>>,
    /// To what it belongs: the position of something that was found before, and how.
    pub under: Option<(usize, Relation)>,
    /// What is missing of what belongs to it, in words.
    pub incomplete: Option<String>,
}

/// How an artifact belongs to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// An index lists it, with this descriptor.
    Child(String),
    /// Its `subject` names the other.
    Subject,
    /// Its tag is made of the other's digest.
    Tag,
}

/// A row of a listing.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// The whole reference.
    pub reference: String,
    /// Digest of the document; empty when it is not known.
    pub digest: String,
    /// What is shown of the reference: all, or below another row of the same repository only tag or digest.
    pub shown: String,
    /// How deep it stands below others.
    pub depth: usize,
    /// The row above it to which it belongs, and how.
    pub under: Option<(usize, Relation)>,
    /// Operating systems and architectures: of the descriptor that lists it, or of what it lists.
    pub platforms: Vec<String>,
    /// The type, or the common parent of its family.
    pub entry: Option<&'a ArtifactType>,
    /// Types that it may be, where only the family is known.
    pub members: Option<Vec<&'a ArtifactType>>,
    /// What an unknown document says of itself.
    pub says: Option<String>,
    /// Facets that apply besides.
    pub facets: Vec<&'a ArtifactType>,
    /// Bytes of the document and of all that it names; `None` for an index whose children were not looked at.
    pub bytes: Option<u64>,
    /// Rows that are attached to it.
    pub attached: Vec<usize>,
    /// Its commands.
    pub offers: Vec<Offer<'a>>,
    /// Why it could not be had or read, or what is missing of what belongs to it.
    pub problem: Option<String>,
}

/// A command of a row.
#[derive(Debug, Clone)]
pub struct Offer<'a> {
    /// What it does.
    pub title: &'a str,
    /// The tool, where several commands have one title.
    pub tool: Option<&'a str>,
    /// The command.
    pub what: What<'a>,
}

/// What a command of a row is.
#[derive(Debug, Clone)]
pub enum What<'a> {
    /// The line, with everything filled in that the reference tells.
    Line(Vec<Token<'a>>),
    /// The number of the command on the page of the type: it may be meant for the subject.
    Page(usize),
}

impl Row<'_> {
    /// Id of the type, or of the common parent of its family.
    #[must_use]
    pub fn type_id(&self) -> Option<&str> {
        self.entry.map(|entry| entry.id.as_str())
    }

    /// How certain the answer is.
    #[must_use]
    pub const fn certainty(&self) -> &'static str {
        match (&self.entry, &self.members) {
            (None, _) => "unknown",
            (Some(_), Some(_)) => "family",
            (Some(_), None) => "exact",
        }
    }

    /// How it belongs to the row above it, in words.
    #[must_use]
    pub fn relation(&self) -> Option<&'static str> {
        self.under.as_ref().map(|(_, relation)| match relation {
            Relation::Child(_) => "in the index",
            Relation::Subject => "attached by subject",
            Relation::Tag => "attached by tag",
        })
    }
}

/// The rows of what was found. `entry` gives the entry with an id, `decide` the position of the rule that shows a
/// document's type. A document that can not be read is of no known type.
pub fn rows<'a>(
    rules: &RuleSet,
    entry: impl Fn(&str) -> Option<&'a ArtifactType>,
    found: &[Found<'_>],
    decide: impl Fn(&Facts<'_>, &Context<'_>) -> Option<usize>,
) -> Vec<Row<'a>> {
    let facts: Vec<Result<Facts<'_>, String>> = found.iter().map(facts).collect();
    let mut rows: Vec<Row<'a>> = Vec::with_capacity(found.len());
    for (at, one) in found.iter().enumerate() {
        let mut row = identified((rules, &entry), found, &facts, at, &decide);
        row.depth = one.under.as_ref().map_or(0, |(above, _)| rows[*above].depth + 1);
        let attaches = row.entry.is_some_and(|entry| entry.attaches_to.is_some());
        if let Some((above, relation)) = &one.under
            && (attaches || !matches!(relation, Relation::Child(_)))
        {
            rows[*above].attached.push(at);
        }
        rows.push(row);
    }
    // An index holds what its children hold; these stand below it. Its size is known when all of them are.
    for at in (0..rows.len()).rev() {
        let Some((above, Relation::Child(descriptor))) = &found[at].under else { continue };
        let listed = Descriptor::read(descriptor).ok().and_then(|read| read.size).unwrap_or_default();
        rows[*above].bytes =
            rows[*above].bytes.zip(rows[at].bytes).map(|(all, child)| all.saturating_sub(listed).saturating_add(child));
    }
    rows
}

/// The facts of a document, or why there are none.
fn facts<'f>(found: &'f Found<'_>) -> Result<Facts<'f>, String> {
    let document = found.document.as_ref().map_err(Clone::clone)?;
    Facts::read(document).map_err(|problem| format!("it can not be read: {}", problem.message))
}

/// One document's row, without what depends on other rows.
fn identified<'a>(
    (rules, get): (&RuleSet, &impl Fn(&str) -> Option<&'a ArtifactType>),
    found: &[Found<'_>],
    all: &[Result<Facts<'_>, String>],
    at: usize,
    decide: impl Fn(&Facts<'_>, &Context<'_>) -> Option<usize>,
) -> Row<'a> {
    let nothing = Facts::default();
    let (one, facts) = (&found[at], all[at].as_ref().unwrap_or(&nothing));
    let reference = Reference::split(&one.reference);
    let config = one.config.as_ref().and_then(|text| serde_json::from_str(text).ok());
    let parent = match &one.under {
        Some((_, Relation::Child(descriptor))) => Descriptor::read(descriptor).ok(),
        _ => None,
    };
    let below = |(above, relation): &(usize, Relation)| *above == at && matches!(relation, Relation::Child(_));
    let children: Vec<Facts<'_>> = (at..found.len())
        .filter(|child| found[*child].under.as_ref().is_some_and(below))
        .filter_map(|child| all[child].as_ref().ok().cloned())
        .collect();
    // What is said of all children can not be told from some of them.
    let whole = children.len() == facts.manifests.len();
    let context = Context {
        tag: reference.tag.map(|tag| tag.text),
        config: config.as_ref(),
        parent: parent.as_ref(),
        children: if whole { &children } else { &[] },
        hopeful: false,
    };
    let rule = all[at].is_ok().then(|| decide(facts, &context)).flatten();
    let rule = rule.and_then(|position| rules.rules.get(position));
    let entry = rule.and_then(|rule| get(&rule.type_id));
    let members = rule.filter(|rule| rule.certainty == Certainty::Family).map(|rule| {
        let members = rules.families.get(&rule.type_id).into_iter().flatten();
        members.filter_map(|id| get(id)).collect()
    });
    let mut facets: Vec<&str> =
        rules.facets.iter().filter(|rule| holds(&rule.when, facts, &context)).map(|rule| rule.facet.as_str()).collect();
    facets.dedup();
    let mut platforms: Vec<String> = match &parent {
        Some(parent) => platform(parent).into_iter().collect(),
        None => facts.manifests.iter().filter_map(platform).collect(),
    };
    let mut seen = std::collections::BTreeSet::new();
    platforms.retain(|platform| seen.insert(platform.clone()));
    Row {
        reference: one.reference.clone(),
        digest: one.digest.clone(),
        shown: visible(&shown(found, at)).into_owned(),
        depth: 0,
        under: one.under.clone(),
        platforms,
        members,
        says: if entry.is_none() { says(facts) } else { None },
        facets: facets.into_iter().filter_map(get).collect(),
        bytes: one.document.as_ref().ok().filter(|_| whole && all[at].is_ok()).map(|document| bytes(document, facts)),
        attached: Vec::new(),
        offers: entry.map(|entry| self::offers(entry, &reference, &one.digest)).unwrap_or_default(),
        entry,
        problem: all[at].as_ref().err().cloned().or_else(|| one.incomplete.clone()),
    }
}

/// What is shown of a reference, its digest cut short.
fn shown(found: &[Found<'_>], at: usize) -> String {
    let one = &found[at];
    let reference = Reference::split(&one.reference);
    let name = &one.reference[reference.name()];
    let above = one.under.as_ref().map(|(above, _)| &found[*above].reference);
    let same = above.is_some_and(|above| &above[Reference::split(above).name()] == name);
    let mut shown = if same { String::new() } else { name.to_owned() };
    if let Some(tag) = reference.tag {
        shown.push(':');
        shown.push_str(&clipped(tag.text));
    }
    if let Some(digest) = reference.digest {
        shown.push('@');
        shown.push_str(&clipped(digest.text));
    }
    shown
}

/// A tag or digest with at most a few digits of a run of hexadecimal digits.
fn clipped(text: &str) -> String {
    let Some(start) = text.find([':', '-']).map(|at| at + 1) else { return text.to_owned() };
    let digits = text[start..].bytes().take_while(u8::is_ascii_hexdigit).count();
    if digits < 32 {
        return text.to_owned();
    }
    format!("{}\u{2026}{}", &text[..start + SHOWN_DIGITS], &text[start + digits..])
}

/// What a document says of itself that no rule knows.
fn says(facts: &Facts<'_>) -> Option<String> {
    let config = || facts.config.as_ref().and_then(|config| config.media_type.as_deref());
    facts.artifact_type.as_deref().or_else(config).map(|says| visible(says).into_owned())
}

/// Operating system and architecture, unless they say nothing.
fn platform(descriptor: &Descriptor<'_>) -> Option<String> {
    let platform = descriptor.platform.as_ref()?;
    let known = |value: &&str| !value.is_empty() && *value != "unknown";
    let os = platform.os.as_deref().filter(known)?;
    let architecture = platform.architecture.as_deref().filter(known);
    Some(architecture.map_or_else(|| os.to_owned(), |architecture| format!("{os}/{architecture}")))
}

/// Bytes of a document and of what it names.
fn bytes(document: &str, facts: &Facts<'_>) -> u64 {
    let named = facts.config.iter().chain(&facts.layers).chain(&facts.manifests);
    let named = named.filter_map(|descriptor| descriptor.size).fold(0_u64, u64::saturating_add);
    named.saturating_add(u64::try_from(document.len()).unwrap_or(u64::MAX))
}

/// The commands for a reference. Those of what attaches to something else may be meant for the subject, which only
/// their page can tell.
fn offers<'a>(entry: &'a ArtifactType, reference: &Reference<'_>, digest: &str) -> Vec<Offer<'a>> {
    let values = Values::new(reference, digest);
    let titles = |title: &str| entry.actions.iter().filter(|action| action.title == title).count();
    let tool = |id: &str| entry.tools.iter().find(|tool| tool.id == id).map(|tool| tool.title.as_str());
    let offer = |(at, action): (usize, &'a crate::catalog::model::Action)| {
        let what = if entry.attaches_to.is_some() {
            What::Page(at + 1)
        } else {
            What::Line(command::filled(action, values.as_ref()?)?)
        };
        let tool = if titles(&action.title) > 1 { tool(&action.tool) } else { None };
        Some(Offer { title: &action.title, tool, what })
    };
    entry.actions.iter().enumerate().filter_map(offer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row as text.
    fn shown(row: &Row<'_>) -> String {
        let offer = |offer: &Offer<'_>| match &offer.what {
            What::Line(tokens) => tokens.iter().map(ToString::to_string).collect(),
            What::Page(number) => format!("page {number}"),
        };
        let offers: Vec<String> = row.offers.iter().map(offer).collect();
        format!("{}: {} {:?} {:?} {offers:?}", row.shown, row.type_id().unwrap_or("-"), row.bytes, row.platforms)
    }

    fn found(reference: &str, document: &'static str, under: Option<(usize, Relation)>) -> Found<'static> {
        let digest = crate::oci::hash::sha256(document.as_bytes());
        let reference = reference.to_owned();
        Found { reference, digest, document: Ok(document.into()), config: None, under, incomplete: None }
    }

    fn with_rows<R>(found: &[Found<'_>], with: impl FnOnce(&[Row<'_>]) -> R) -> R {
        let catalog = crate::catalog::embedded::catalog();
        let decide = |facts: &Facts<'_>, context: &Context<'_>| {
            crate::identify::first_match(&catalog.rules.rules, facts, context)
        };
        with(&rows(&catalog.rules, |id| catalog.get(id), found, decide))
    }

    const CHART: &str = r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:a","size":100},"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:b","size":900000}]}"#;

    #[test]
    fn a_row_has_type_size_and_commands() {
        with_rows(&[found("example.com:5000/charts/web:1.2", CHART, None)], |rows| {
            let text = shown(&rows[0]);
            assert!(text.starts_with("example.com:5000/charts/web:1.2: helm-chart Some(9003"), "{text}");
            assert!(text.contains("helm pull oci://example.com:5000/charts/web --version 1.2"), "{text}");
            assert!(text.contains("{release}"), "{text}");
        });
    }

    #[test]
    fn commands_that_need_a_tag_are_not_offered_without_one() {
        let digest = "sha256:".to_owned() + &"0".repeat(64);
        with_rows(&[found(&format!("example.com/charts/web@{digest}"), CHART, None)], |rows| {
            let text = shown(&rows[0]);
            assert!(text.contains("helm-chart") && !text.contains("helm pull"), "{text}");
        });
    }

    #[test]
    fn an_index_is_as_large_as_its_children_when_all_are_known() {
        let index = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":3,"platform":{"os":"linux","architecture":"arm64"}}]}"#;
        let child = Relation::Child(r#"{"size":3,"platform":{"os":"linux","architecture":"arm64"}}"#.to_owned());
        let digest = "sha256:".to_owned() + &"0".repeat(64);
        let root = found("example.com/a:1", index, None);
        with_rows(std::slice::from_ref(&root), |rows| {
            assert_eq!((rows[0].bytes, &rows[0].platforms[..]), (None, &["linux/arm64".to_owned()][..]));
        });
        let child = found(&format!("example.com/a@{digest}"), CHART, Some((0, child)));
        let tagged = found("example.com/a:sha256-x", CHART, Some((1, Relation::Tag)));
        with_rows(&[root, child, tagged], |rows| {
            assert_eq!((rows[0].bytes.unwrap(), rows[2].depth), ((index.len() + CHART.len() + 900_100) as u64, 2));
            assert_eq!(rows[1].shown, "@sha256:000000000000\u{2026}");
            assert_eq!((&rows[1].platforms[..], &rows[1].attached[..]), (&["linux/arm64".to_owned()][..], &[2][..]));
        });
    }

    #[test]
    fn what_can_not_be_had_or_read_is_a_row_with_a_problem() {
        let mut lost = found("example.com/a:1", "", None);
        lost.document = Err("not there".to_owned());
        with_rows(&[lost, found("example.com/a:2", "[", None)], |rows| {
            assert_eq!(rows[0].problem.as_deref(), Some("not there"));
            assert!(rows[1].problem.as_deref().unwrap().starts_with("it can not be read"), "{:?}", rows[1].problem);
            assert!(rows.iter().all(|row| row.certainty() == "unknown" && row.bytes.is_none()));
        });
    }

    #[test]
    fn what_is_found_may_be_hostile() {
        let hostile = r#"{"artifactType":"a/<script>","schemaVersion":2,"layers":[{"size":18446744073709551615},{"size":18446744073709551615}],"config":{"mediaType":"a/b"}}"#;
        let above = Relation::Child(r#"{"size":5,"platform":{"os":"<b>","architecture":"\"'>"}}"#.to_owned());
        let found = [
            found("example.com/$(reboot);\">:`x`", CHART, None),
            found("-x \u{e9}:\u{202e}", hostile, None),
            found("", "[", Some((0, above))),
            found("sha256:000000000000000000000000000000000000000000000000\u{e9}", "{}", Some((1, Relation::Tag))),
        ];
        with_rows(&found, |rows| {
            assert!(rows.iter().all(|row| row.offers.is_empty()), "{rows:?}");
        });
    }
}
