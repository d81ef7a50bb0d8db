//! A registry as a table: each reference with what it holds, what is attached to it, and the commands for it.
//!
//! Rows are made of what somebody found, wherever that was; the sample of the site is one such place. The table is a
//! function of rows alone.

use askama::Template;

use super::Site;
use super::command::{self, Token, Values};
use super::glyphs;
use super::html::SafeHtml;
use super::lookup::TypeRef;
use super::pages::pieces;
use super::words;
use crate::catalog::model::{ArtifactType, Certainty};
use crate::identify::evaluate::holds;
use crate::identify::{Context, Descriptor, Facts};
use crate::oci::reference::Reference;

/// Digits of a digest that the table shows.
const SHOWN_DIGITS: usize = 12;

/// An artifact that was found in a registry.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    /// The reference that leads to it: registry, repository, and tag or digest.
    pub(super) reference: String,
    /// Digest of the document.
    pub(super) digest: String,
    /// The manifest or index.
    pub(super) document: &'a str,
    /// The config blob, when it was read.
    pub(super) config: Option<&'a str>,
    /// To what it belongs: the position of something that was found before, and how.
    pub(super) under: Option<(usize, Relation)>,
}

/// How an artifact belongs to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Relation {
    /// An index lists it, with this descriptor.
    Child(String),
    /// Its `subject` names the other.
    Subject,
    /// Its tag is made of the other's digest.
    Tag,
}

/// A row of the table.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// Its number, from 1.
    number: usize,
    /// The whole reference.
    reference: String,
    /// What is shown of it: all, or below another row of the same repository only tag or digest.
    shown: String,
    /// How deep it stands below others.
    depth: usize,
    /// How it belongs to the row above it.
    relation: Option<&'static str>,
    /// Operating system and architecture, when the index says so.
    platform: Option<String>,
    /// The type, or the common parent of its family.
    entry: Option<TypeRef<'a>>,
    /// Types that it may be, where only the family is known.
    members: Option<Vec<TypeRef<'a>>>,
    /// What an unknown document says of itself.
    says: Option<String>,
    /// Facets that apply besides.
    facets: Vec<TypeRef<'a>>,
    /// Bytes of the document and of all that it names.
    bytes: u64,
    /// Rows that are attached to it: number and name.
    attached: Vec<(usize, String)>,
    /// Its commands.
    offers: Vec<Offer<'a>>,
}

/// A command of a row.
#[derive(Debug, Clone)]
struct Offer<'a> {
    title: &'a str,
    /// The tool, where several commands have one title.
    tool: Option<&'a str>,
    what: What<'a>,
}

/// What a command of a row is.
#[derive(Debug, Clone)]
enum What<'a> {
    /// The line, with everything filled in that the reference tells.
    Line(Vec<Token<'a>>),
    /// The number of the command on the page of the type: it may be meant for the subject.
    Page(usize),
}

impl Row<'_> {
    /// The pieces of what is shown of the reference, between which a line may break.
    fn pieces(&self) -> Vec<&str> {
        pieces(&self.shown)
    }

    /// Id of the type, or of the common parent of its family.
    pub(super) fn type_id(&self) -> Option<&str> {
        self.entry.as_ref().map(|entry| entry.id)
    }

    /// The size in words.
    fn size(&self) -> String {
        words::bytes(self.bytes)
    }

    /// Path of the picture, from the root of the site.
    fn icon(&self) -> String {
        self.entry.as_ref().map_or_else(|| glyphs::path("generic"), |entry| entry.icon.clone())
    }

    /// Class of how deep it stands; deeper than three looks like three.
    fn depth_class(&self) -> &'static str {
        ["", "below", "below below-2", "below below-3"][self.depth.min(3)]
    }
}

/// The table.
#[derive(Template)]
#[template(path = "parts/registry.html")]
struct Table<'r, 'a> {
    /// From the page to the root of the site.
    root: &'r str,
    rows: &'r [Row<'a>],
}

/// The table of rows; `root` leads from its page to the root of the site.
pub(super) fn table(rows: &[Row<'_>], root: &str) -> Result<SafeHtml, askama::Error> {
    SafeHtml::render(&Table { root, rows })
}

/// The rows of what was found. `decide` gives the position of the rule that shows a document's type. A document that
/// can not be read is of no known type.
pub(super) fn rows<'a>(
    site: &Site<'a>,
    found: &[Found<'_>],
    decide: impl Fn(&Facts<'_>, &Context<'_>) -> Option<usize>,
) -> Vec<Row<'a>> {
    let facts: Vec<Facts<'_>> = found.iter().map(|one| Facts::read(one.document).unwrap_or_default()).collect();
    let mut rows: Vec<Row<'a>> = Vec::with_capacity(found.len());
    for (at, one) in found.iter().enumerate() {
        let mut row = identified(site, found, &facts, at, &decide);
        row.number = at + 1;
        row.depth = one.under.as_ref().map_or(0, |(above, _)| rows[*above].depth + 1);
        let attaches = row.entry.as_ref().and_then(|entry| site.catalog.get(entry.id)?.attaches_to.as_ref()).is_some();
        if let Some((above, relation)) = &one.under
            && (attaches || !matches!(relation, Relation::Child(_)))
        {
            let name = row.entry.as_ref().map_or("unknown", |entry| entry.label).to_owned();
            rows[*above].attached.push((row.number, name));
        }
        rows.push(row);
    }
    // An index holds what its children hold; these stand below it.
    for at in (0..rows.len()).rev() {
        if let Some((above, Relation::Child(descriptor))) = &found[at].under {
            let listed = Descriptor::read(descriptor).ok().and_then(|read| read.size).unwrap_or_default();
            rows[*above].bytes = (rows[*above].bytes.saturating_sub(listed)).saturating_add(rows[at].bytes);
        }
    }
    rows
}

/// One document's row, without what depends on other rows.
fn identified<'a>(
    site: &Site<'a>,
    found: &[Found<'_>],
    all: &[Facts<'_>],
    at: usize,
    decide: impl Fn(&Facts<'_>, &Context<'_>) -> Option<usize>,
) -> Row<'a> {
    let (one, facts) = (&found[at], &all[at]);
    let reference = Reference::split(&one.reference);
    let config = one.config.and_then(|text| serde_json::from_str(text).ok());
    let parent = match &one.under {
        Some((_, Relation::Child(descriptor))) => Descriptor::read(descriptor).ok(),
        _ => None,
    };
    let below = |(above, relation): &(usize, Relation)| *above == at && matches!(relation, Relation::Child(_));
    let children: Vec<Facts<'_>> = (at..found.len())
        .filter(|child| found[*child].under.as_ref().is_some_and(below))
        .map(|child| all[child].clone())
        .collect();
    let context = Context {
        tag: reference.tag.map(|tag| tag.text),
        config: config.as_ref(),
        parent: parent.as_ref(),
        children: &children,
        hopeful: false,
    };
    let rules = &site.catalog.rules;
    let rule = decide(facts, &context).and_then(|position| rules.rules.get(position));
    let entry = rule.and_then(|rule| site.lookup.type_ref(&rule.type_id)).cloned();
    let members = rule.filter(|rule| rule.certainty == Certainty::Family).map(|rule| {
        let members = rules.families.get(&rule.type_id).into_iter().flatten();
        members.filter_map(|id| site.lookup.type_ref(id).cloned()).collect()
    });
    let mut facets: Vec<&str> =
        rules.facets.iter().filter(|rule| holds(&rule.when, facts, &context)).map(|rule| rule.facet.as_str()).collect();
    facets.dedup();
    let says = if entry.is_none() { says(facts) } else { None };
    let offers = entry.as_ref().and_then(|entry| site.catalog.get(entry.id));
    Row {
        number: 0,
        shown: shown(found, at),
        depth: 0,
        relation: one.under.as_ref().map(|(_, relation)| match relation {
            Relation::Child(_) => "in the index",
            Relation::Subject => "attached by subject",
            Relation::Tag => "attached by tag",
        }),
        platform: parent.as_ref().and_then(platform),
        members,
        says,
        facets: facets.into_iter().filter_map(|id| site.lookup.type_ref(id).cloned()).collect(),
        bytes: bytes(one.document, facts),
        attached: Vec::new(),
        offers: offers.map(|entry| self::offers(entry, &reference, &one.digest)).unwrap_or_default(),
        entry,
        reference: one.reference.clone(),
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
    facts.artifact_type.as_deref().or_else(config).map(str::to_owned)
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

    fn found(reference: &str, document: &'static str, under: Option<(usize, Relation)>) -> Found<'static> {
        let digest = crate::oci::hash::sha256(document.as_bytes());
        Found { reference: reference.to_owned(), digest, document, config: None, under }
    }

    fn html(found: &[Found<'_>]) -> String {
        let catalog = crate::catalog::embedded::catalog();
        let site = Site { catalog: &catalog, lookup: super::super::Lookup::new(&catalog), base: None };
        let decide = |facts: &Facts<'_>, context: &Context<'_>| {
            crate::identify::first_match(&catalog.rules.rules, facts, context)
        };
        table(&rows(&site, found, decide), "../").unwrap().to_string()
    }

    const CHART: &str = r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:a","size":100},"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:b","size":900000}]}"#;

    #[test]
    fn a_row_has_type_size_and_commands() {
        let html = html(&[found("example.com:5000/charts/web:1.2", CHART, None)]);
        assert!(html.contains("types/helm-chart/index.html"), "{html}");
        assert!(html.contains("helm pull oci://example.com:5000/charts/web --version 1.2"), "{html}");
        assert!(html.contains("900.3 kB"), "{html}");
        assert!(html.contains("<var>{release}</var>"), "{html}");
    }

    #[test]
    fn commands_that_need_a_tag_are_not_offered_without_one() {
        let digest = "sha256:".to_owned() + &"0".repeat(64);
        let html = html(&[found(&format!("example.com/charts/web@{digest}"), CHART, None)]);
        assert!(html.contains("types/helm-chart/index.html") && !html.contains("helm pull"), "{html}");
    }

    #[test]
    fn what_is_found_may_be_hostile() {
        let hostile = r#"{"artifactType":"a/<script>alert(1)</script>","schemaVersion":2,"layers":[{"size":18446744073709551615},{"size":18446744073709551615}],"config":{"mediaType":"a/b"}}"#;
        let above = Relation::Child(r#"{"size":5,"platform":{"os":"<b>","architecture":"\"'>"}}"#.to_owned());
        let html = html(&[
            found("example.com/$(reboot);\"><img src=x>:`x`", CHART, None),
            found("-x é:\u{202e}", hostile, None),
            found("", "[", Some((0, above))),
            found("sha256:000000000000000000000000000000000000000000000000é", "{}", Some((1, Relation::Tag))),
        ]);
        for bad in ["<script>", "<img src=x", "<b>", "helm pull"] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
    }

    #[test]
    fn what_belongs_to_another_stands_below_it() {
        let index = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":3}]}"#;
        let child = Relation::Child(r#"{"size":3,"platform":{"os":"linux","architecture":"arm64"}}"#.to_owned());
        let digest = "sha256:".to_owned() + &"0".repeat(64);
        let html = html(&[
            found("example.com/a:1", index, None),
            found(&format!("example.com/a@{digest}"), CHART, Some((0, child))),
            found("example.com/a:sha256-x", CHART, Some((1, Relation::Tag))),
        ]);
        for wanted in ["linux/arm64", "000000000000\u{2026}", "below below-2", "href=\"#row-3\"", "900.4 kB"] {
            assert!(html.contains(wanted), "{wanted} in {html}");
        }
    }
}
