//! The page of a type or facet: everything that its entry says, in the order in which a reader asks.

mod anatomy;
mod history;
mod recognition;
mod relations;
mod rivals;
mod specimen;
mod standing;
mod storage;
mod structure;

use askama::Template;

use super::super::badge::{self, Badge};
use super::super::glyphs::{self, RoleFacts};
use super::super::html::{Https, Outward, SafeHtml};
use super::super::layout::{Layout, Section};
use super::super::markdown::{self, Policy};
use super::super::{Error, Output, Site, paths, words};
use super::{MediaTypeRef, Named, frame, put};
use crate::catalog::ArtifactType;
use crate::catalog::claims::claims;
use crate::catalog::command::{self, Token};
use crate::catalog::model::{Action, Example, ExpectedCertainty, InputKind, Kind, Source, State};
use crate::finding::Rule;
use crate::oci::iana;
use crate::parallel::Work;
use anatomy::{Anatomy, Run};
use history::Era;
use recognition::Recognition;
use relations::{Facets, Relation};
use specimen::Specimen;
use standing::Standing;
use storage::StorageRow;
use structure::StructureView;

/// Most bytes of an example that a page shows.
const MAX_SHOWN: usize = 48 * 1024;

/// Sections of the page, in order: anchor and title.
const SECTIONS: [(&str, &str); 12] = [
    ("about", "About"),
    ("actions", "Commands"),
    ("tools", "Tools"),
    ("structure", "What it looks like"),
    ("recognition", "How it is recognised"),
    ("media-types", "Media types"),
    ("relations", "Relations"),
    ("scanning", "Scanning"),
    ("storage", "Where it can be stored"),
    ("standing", "Standing"),
    ("sources", "Sources"),
    ("changes", "Changes"),
];

#[derive(Template)]
#[template(path = "pages/entry.html")]
struct EntryPage<'a> {
    layout: Layout,
    entry: &'a ArtifactType,
    facet: bool,
    icon: String,
    api: String,
    roles: Vec<RoleFacts>,
    state: (&'static str, &'static str),
    quiet: bool,
    tier: (&'static str, &'static str),
    replaced_by: Option<Named<'a>>,
    publisher: Outward<'a>,
    owner: Option<Outward<'a>>,
    links: Vec<(&'static str, Https<'a>)>,
    contents: Vec<(&'static str, &'static str)>,
    description_html: SafeHtml,
    recognition: Option<Recognition<'a>>,
    structure: Option<StructureView<'a>>,
    media_types: Vec<MediaTypeRow<'a>>,
    history: Vec<Era<'a>>,
    /// The first example, part by part.
    anatomy: Option<Anatomy<'a>>,
    /// The other examples.
    examples: Vec<ExampleView<'a>>,
    actions: Vec<ActionView<'a>>,
    placeholders: Vec<(&'static str, &'static str)>,
    tools: Vec<ToolView<'a>>,
    scanning: Option<ScanningView<'a>>,
    storage: Vec<StorageRow<'a>>,
    relations: Vec<Relation<'a>>,
    drawing_html: Option<SafeHtml>,
    standing: Standing<'a>,
    mark: Option<(Outward<'a>, Option<Https<'a>>)>,
    sources: Vec<SourceView<'a>>,
    badge: Badge,
    changes: Vec<(usize, &'a str, &'a str)>,
}

/// A media type of the entry, in all its places.
struct MediaTypeRow<'a> {
    media_type: MediaTypeRef<'a>,
    places: Vec<String>,
    registration: Option<String>,
}

/// An example document.
struct ExampleView<'a> {
    number: usize,
    title: &'a str,
    path: Option<String>,
    text: Option<&'a str>,
    answer: Answer<'a>,
    tag: Option<&'a str>,
    context: Vec<(&'static str, &'a str, Option<&'a str>)>,
    /// Rules that the form breaks.
    breaks: Vec<&'static Rule>,
}

/// The answer that an example must get.
enum Answer<'a> {
    /// This entry.
    This,
    /// Another type, or its family.
    Other { family: bool, named: Named<'a> },
    /// None.
    Unknown,
}

/// A command.
struct ActionView<'a> {
    number: usize,
    action: &'a Action,
    tool: Option<Outward<'a>>,
    tokens: Vec<Token<'a>>,
    inputs: Vec<InputView<'a>>,
    documentation: Option<Https<'a>>,
}

/// What the user of a command supplies.
struct InputView<'a> {
    name: &'a str,
    /// Its word in the data.
    kind: &'static str,
    about: &'static str,
    description: &'a str,
}

/// A program that handles the type.
struct ToolView<'a> {
    home: Outward<'a>,
    install: Option<Https<'a>>,
}

/// What a scanner may do.
struct ScanningView<'a> {
    runnable: bool,
    scan_as: &'static str,
    scanners: Vec<Outward<'a>>,
    note: Option<&'a str>,
}

/// A proof.
pub(super) struct SourceView<'a> {
    pub(super) fact: &'a str,
    pub(super) place: Option<Outward<'a>>,
    pub(super) detail: String,
    pub(super) media_types: Vec<MediaTypeRef<'a>>,
}

/// What the pages of all entries need, made once.
pub(super) struct Shared<'a>(Facets<'a>);

impl<'a> Shared<'a> {
    pub(super) fn new(site: &Site<'a>) -> Self {
        Self(Facets::new(site))
    }
}

pub(super) fn plan<'w>(site: &'w Site<'w>, shared: &'w Shared<'w>, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    let entries = &site.catalog.entries;
    work.each(entries.len(), |at| {
        let path = paths::type_page(&entries[at].id);
        match page(site, &entries[at], &path, &shared.0) {
            Ok(page) => put(out, &path, &page),
            Err(Failure::Page(error)) => Err(Error::Page(path, error)),
            Err(Failure::Json(error)) => Err(Error::Json(error)),
        }
    });
}

/// What fails on the way to a page.
enum Failure {
    Page(askama::Error),
    Json(serde_json::Error),
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::Page(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

fn page<'a>(
    site: &Site<'a>,
    entry: &'a ArtifactType,
    path: &str,
    facets: &Facets<'a>,
) -> Result<EntryPage<'a>, Failure> {
    let role = entry.roles.first().copied().map(glyphs::facts);
    let layout = frame(site, path, Section::Types, &entry.title, &entry.summary).with_card_of(role.as_ref());
    let root = layout.root.as_str();
    let media_types = media_types(site, entry, root);
    let own = Specimen::first(site, entry);
    let anatomy = own.as_ref().and_then(|specimen| anatomy::view(site, entry, specimen));
    let relations = relations::view(site, entry, facets);
    let mut page = EntryPage {
        entry,
        facet: entry.kind == Kind::Facet,
        icon: site.lookup.type_ref(&entry.id).map(|found| found.icon.to_string()).unwrap_or_default(),
        api: paths::type_api(&entry.id),
        roles: entry.roles.iter().copied().map(glyphs::facts).collect(),
        state: words::state(entry.status.state),
        quiet: entry.status.state == State::Active,
        tier: words::tier(entry.tier),
        replaced_by: entry.replaced_by.as_deref().map(|id| Named::new(site, id)),
        publisher: Outward::new(&entry.publisher.name, &entry.publisher.url),
        owner: entry.owner.as_ref().map(|owner| Outward::new(&owner.name, &owner.url)),
        links: links(entry),
        contents: Vec::new(),
        description_html: SafeHtml::default(),
        recognition: recognition::view(site, entry, own.as_ref(), root)?,
        structure: entry.structure.as_ref().map(|structure| structure::view(site, entry, structure, root)),
        media_types,
        history: history::view(site, entry, root),
        examples: examples(site, entry, anatomy.as_ref().map(|anatomy| anatomy.number)),
        anatomy,
        actions: actions(entry),
        placeholders: command::used(&entry.actions),
        tools: tools(entry),
        scanning: entry.scanning.as_ref().map(|scanning| ScanningView {
            runnable: scanning.runnable,
            scan_as: words::scan_as(scanning.scan_as),
            scanners: scanning.scanners.iter().map(|scanner| Outward::new(&scanner.name, &scanner.url)).collect(),
            note: scanning.note.as_deref(),
        }),
        storage: storage::view(site, entry),
        drawing_html: relations::drawing(entry, &relations, root)?,
        relations,
        standing: standing::view(site, entry, root),
        mark: entry
            .icon
            .as_ref()
            .and_then(|icon| icon.mark.as_ref())
            .map(|mark| (Outward::new(&mark.terms, &mark.url), mark.guideline.as_deref().and_then(Https::new))),
        sources: entry.sources.iter().map(|proof| source(site, root, proof)).collect(),
        badge: badge::badge(site, entry),
        changes: entry
            .changes
            .iter()
            .enumerate()
            .map(|(at, change)| (entry.changes.len() - at, change.date.as_str(), change.change.as_str()))
            .collect(),
        layout,
    };
    page.contents = SECTIONS.into_iter().filter(|(anchor, _)| page.has(anchor)).collect();
    let fragments: Vec<&str> = page.contents.iter().map(|(anchor, _)| *anchor).collect();
    let policy = Policy { shift: 2, anchors: false, fragments: &fragments, pages: None };
    page.description_html = markdown::render(&entry.description, policy);
    Ok(page)
}

impl EntryPage<'_> {
    /// Whether the page has a section.
    fn has(&self, anchor: &str) -> bool {
        match anchor {
            "structure" => self.structure.is_some() || self.anatomy.is_some() || !self.examples.is_empty(),
            "media-types" => !self.media_types.is_empty() || !self.history.is_empty(),
            "actions" => !self.actions.is_empty(),
            "tools" => !self.tools.is_empty(),
            "scanning" => self.scanning.is_some(),
            "storage" => !self.storage.is_empty(),
            "relations" => !self.relations.is_empty(),
            "sources" => !self.sources.is_empty(),
            "changes" => !self.changes.is_empty(),
            _ => true,
        }
    }
}

fn links(entry: &ArtifactType) -> Vec<(&'static str, Https<'_>)> {
    let links = &entry.links;
    let all = [
        ("Home", &links.home),
        ("Specification", &links.specification),
        ("Documentation", &links.documentation),
        ("Source code", &links.source),
    ];
    all.into_iter().filter_map(|(title, url)| Some((title, Https::new(url.as_deref()?)?))).collect()
}

fn media_types<'a>(site: &Site<'a>, entry: &'a ArtifactType, root: &str) -> Vec<MediaTypeRow<'a>> {
    let mut rows: Vec<MediaTypeRow<'_>> = Vec::new();
    for (text, usage) in claims(entry).into_iter().filter(|(_, usage)| !usage.former) {
        let place = words::place(usage.place);
        let place = usage.part.map_or_else(|| place.to_owned(), |part| format!("{place} ({part})"));
        if let Some(row) = rows.iter_mut().find(|row| row.media_type.text == text) {
            if !row.places.contains(&place) {
                row.places.push(place);
            }
            continue;
        }
        rows.push(MediaTypeRow {
            media_type: MediaTypeRef::new(site, root, text),
            places: vec![place],
            registration: site
                .lookup
                .media_type(text)
                .filter(|facts| facts.registered)
                .map(|_| iana::registration(text)),
        });
    }
    rows
}

/// The examples but for the one that is shown part by part.
fn examples<'a>(site: &Site<'a>, entry: &'a ArtifactType, but: Option<usize>) -> Vec<ExampleView<'a>> {
    let view = |(at, example): (usize, &'a Example)| {
        let text = site.catalog.file(&entry.id, &format!("examples/{}", example.file));
        let published = text.is_some() && paths::is_file_name(&example.file);
        let context = example.context.as_ref();
        ExampleView {
            number: at + 1,
            title: &example.title,
            path: published.then(|| format!("examples/{}/{}", entry.id, example.file)),
            text: text.and_then(shown),
            answer: answer(site, example),
            tag: context.and_then(|context| context.tag.as_deref()),
            context: context_parts(site, entry, example),
            breaks: example.breaks.iter().filter_map(|id| crate::rules::find(id)).collect(),
        }
    };
    entry.examples.iter().enumerate().filter(|(at, _)| but != Some(at + 1)).map(view).collect()
}

/// What the caller has besides an example: what it is, the name of its file, its text.
fn context_parts<'a>(
    site: &Site<'a>,
    entry: &'a ArtifactType,
    example: &'a Example,
) -> Vec<(&'static str, &'a str, Option<&'a str>)> {
    let Some(context) = &example.context else { return Vec::new() };
    let mut parts: Vec<(&str, &String)> = Vec::new();
    parts.extend(context.config.iter().map(|name| ("The config blob", name)));
    parts.extend(context.parent.iter().map(|name| ("The descriptor in the parent index", name)));
    parts.extend(context.children.iter().map(|name| ("A child", name)));
    let file = |name: &str| site.catalog.file(&entry.id, &format!("examples/{name}"));
    parts.into_iter().map(|(what, name)| (what, name.as_str(), file(name).and_then(shown))).collect()
}

/// A text that is not too long for a page.
fn shown(text: &str) -> Option<&str> {
    (text.len() <= MAX_SHOWN).then_some(text)
}

fn answer<'a>(site: &Site<'a>, example: &'a Example) -> Answer<'a> {
    let Some(expect) = &example.expect else { return Answer::This };
    match (&expect.type_id, expect.certainty) {
        (None, _) | (_, ExpectedCertainty::Unknown) => Answer::Unknown,
        (Some(id), certainty) => {
            Answer::Other { family: certainty == ExpectedCertainty::Family, named: Named::new(site, id) }
        }
    }
}

fn actions(entry: &ArtifactType) -> Vec<ActionView<'_>> {
    entry.actions.iter().enumerate().map(|(at, action)| action_view(entry, at + 1, action)).collect()
}

fn action_view<'a>(entry: &'a ArtifactType, number: usize, action: &'a Action) -> ActionView<'a> {
    let inputs = action.inputs.iter();
    ActionView {
        number,
        action,
        tool: entry.tools.iter().find(|tool| tool.id == action.tool).map(|tool| Outward::new(&tool.title, &tool.home)),
        tokens: command::tokens(action),
        inputs: inputs
            .map(|input| InputView {
                name: &input.name,
                kind: match input.kind {
                    InputKind::File => "file",
                    InputKind::Dir => "dir",
                    InputKind::Name => "name",
                },
                about: words::input(input.kind),
                description: &input.description,
            })
            .collect(),
        documentation: action.documentation.as_deref().and_then(Https::new),
    }
}

fn tools(entry: &ArtifactType) -> Vec<ToolView<'_>> {
    let tools = entry.tools.iter();
    tools
        .map(|tool| ToolView {
            home: Outward::new(&tool.title, &tool.home),
            install: tool.install.as_deref().and_then(Https::new),
        })
        .collect()
}

/// A source as pages show it: a permanent link where the repository is on GitHub.
pub(super) fn source<'a>(site: &Site<'_>, root: &str, proof: &'a Source) -> SourceView<'a> {
    let revision = proof.revision.as_deref().unwrap_or_default();
    let short = if revision.len() == 40 { &revision[..12] } else { revision };
    let place = match (&proof.repository, &proof.path, &proof.specification) {
        (Some(repository), Some(path), _) if !revision.is_empty() => {
            Some(match repository.strip_prefix("https://github.com/") {
                Some(name) => {
                    let name = name.trim_end_matches('/').trim_end_matches(".git");
                    let url = format!(
                        "https://github.com/{name}/blob/{}/{}",
                        paths::url(revision),
                        paths::url(path.trim_start_matches('/'))
                    );
                    Outward::new(format!("{name}: {path}"), url)
                }
                None => {
                    Outward::new(format!("{}: {path}", repository.trim_start_matches("https://")), repository.as_str())
                }
            })
        }
        (Some(repository), _, _) => Some(Outward::new(repository.trim_start_matches("https://"), repository.as_str())),
        (None, _, Some(specification)) => {
            Some(Outward::new(specification.trim_start_matches("https://"), specification.as_str()))
        }
        (None, _, None) => None,
    };
    let detail = match (&proof.repository, &proof.section) {
        (Some(_), _) if !short.is_empty() => format!("at {short}"),
        (_, Some(section)) => format!("section {section}"),
        _ => String::new(),
    };
    SourceView {
        fact: &proof.fact,
        place,
        detail,
        media_types: proof.media_types.iter().map(|text| MediaTypeRef::new(site, root, text)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::site::lookup::Lookup;

    #[test]
    fn sources_are_permanent_links_where_the_host_has_them() {
        let catalog = Catalog::default();
        let site = Site { catalog: &catalog, lookup: Lookup::default(), base: None };
        let proof = |json: &str| -> Source { serde_json::from_str(json).unwrap() };
        let url =
            |proof: &Source| source(&site, "", proof).place.and_then(|place| place.url).map(|url| url.to_string());
        let github = proof(r#"{"fact":"f","repository":"https://github.com/a/b","path":"c/d e.md","revision":"v1.0"}"#);
        assert_eq!(url(&github).as_deref(), Some("https://github.com/a/b/blob/v1.0/c/d%20e.md"));
        let other = proof(r#"{"fact":"f","repository":"https://example.com/a/b","path":"c","revision":"v1.0"}"#);
        assert_eq!(url(&other).as_deref(), Some("https://example.com/a/b"));
        let bad = proof(r#"{"fact":"f","specification":"javascript:alert(1)"}"#);
        assert_eq!(url(&bad), None);
    }
}
