//! The site for programs: the same content as JSON at stable addresses.

use std::collections::BTreeMap;
use std::io::Write as _;

use serde::Serialize;

use super::output::Download;
use super::{Error, Output, Site, glyphs, paths, words};
use crate::catalog::ArtifactType;
use crate::catalog::model::{Kind, Role, State, Tier};
use crate::mapping::{Inert, inert};
use crate::oci::media_type::MediaType;
use crate::parallel::Work;
use crate::rules;

/// Version of the form of these files.
const SCHEMA_VERSION: u32 = 1;

/// Path of the list of all addresses.
pub(super) const INDEX: &str = "api/index.json";

/// The files of the interface with what each holds, for the page of downloads.
pub(super) const FILES: [(&str, &str); 7] = [
    (INDEX, "Every address that stays, with what is there, how many, and the digest."),
    (
        "api/types.json",
        "Every type and facet with its title, roles, standing and addresses. The whole entry is at api/types/ID.json.",
    ),
    (
        "api/media-types.json",
        "Every media type with the types that use it, where it stands, and its successor if it is a former one.",
    ),
    ("api/roles.json", "Every role with its types."),
    ("api/tools.json", "Every program that the entries name, with the types that it handles."),
    ("api/aliases.json", "Every other name of a type, with the id to which it leads; former ids are among them."),
    ("api/rules.json", "Every rule of the linter with its level and its page as Markdown."),
];

/// Addresses that are made of a name: pattern, what fills it, and what is there.
pub(super) const PATTERNS: [(&str, &str, &str); 14] = [
    ("api/types/{type}.json", "type", "The whole entry of a type or facet."),
    ("types/{type}/index.html", "type", "The page of a type or facet."),
    ("badges/{type}.svg", "type", "A badge, as a picture."),
    ("badges/{type}.json", "type", "A badge, as data for the endpoint badge of shields.io."),
    ("icons/{type}.svg", "type", "The picture of a type that has one of its own."),
    ("icons/{type}-{side}.png", "type", "The same as PNG; the side is 16, 32, 50 or 128 pixels."),
    ("icons/roles/{role}.svg", "role", "The picture of a role."),
    ("icons/roles/{role}-{side}.png", "role", "The same as PNG; the side is 16, 32, 50 or 128 pixels."),
    ("roles/{role}/index.html", "role", "The page of a role."),
    ("media-types/{mediaType}/index.html", "mediaType", "The page of a media type, in lower case, its slash kept."),
    ("rules/{rule}/index.html", "rule", "The page of a rule of the linter."),
    ("conformance/{type}.json", "type", "Conformance vectors of a type that has examples."),
    ("examples/{type}/{file}", "type", "An example document, byte for byte."),
    ("schemas/config/{type}.schema.json", "type", "JSON Schema of the config blob, of a type that has one."),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Types<'a> {
    schema_version: u32,
    types: Vec<TypeItem<'a>>,
}

#[derive(Serialize)]
struct TypeItem<'a> {
    id: &'a str,
    kind: Kind,
    title: &'a str,
    label: &'a str,
    summary: &'a str,
    status: State,
    tier: Tier,
    roles: &'a [Role],
    icon: String,
    page: String,
    entry: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MediaTypes<'a> {
    schema_version: u32,
    media_types: Vec<MediaTypeItem<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MediaTypeItem<'a> {
    media_type: &'a str,
    page: String,
    registered: bool,
    uses: Vec<UseItem<'a>>,
}

#[derive(Serialize)]
struct UseItem<'a> {
    #[serde(rename = "type")]
    type_id: &'a str,
    place: crate::catalog::model::Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
    former: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Roles<'a> {
    schema_version: u32,
    roles: Vec<RoleItem<'a>>,
}

#[derive(Serialize)]
struct RoleItem<'a> {
    role: &'a str,
    title: &'a str,
    description: &'a str,
    icon: String,
    page: String,
    types: &'a [&'a str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rules {
    schema_version: u32,
    rules: Vec<RuleItem>,
}

#[derive(Serialize)]
struct RuleItem {
    id: &'static str,
    level: &'static str,
    since: &'static str,
    subject: &'static str,
    summary: &'static str,
    page: String,
    docs: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tools<'a> {
    schema_version: u32,
    tools: Vec<ToolItem<'a>>,
}

#[derive(Serialize)]
struct ToolItem<'a> {
    title: &'a str,
    home: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    install: Option<&'a str>,
    types: Vec<&'a str>,
    /// Number of commands with it.
    actions: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Aliases<'a> {
    schema_version: u32,
    aliases: Vec<AliasItem<'a>>,
}

#[derive(Serialize)]
struct AliasItem<'a> {
    alias: &'a str,
    #[serde(rename = "type")]
    type_id: &'a str,
    page: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    schema_version: u32,
    endpoints: Vec<Endpoint>,
    patterns: Vec<Pattern>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    address: String,
    description: String,
    media_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    size: u64,
    digest: Box<str>,
}

#[derive(Serialize)]
struct Pattern {
    #[serde(rename = "pattern")]
    address: String,
    description: &'static str,
    /// How many files there are.
    count: usize,
    /// The list that holds the names.
    names: String,
}

/// Writes every file of the interface but the list of addresses.
pub(super) fn plan<'w>(site: &'w Site<'_>, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    work.one(|| stream(out, "api/types.json", &types(site)));
    work.one(|| stream(out, "api/media-types.json", &media_types(site)));
    work.one(|| put(out, "api/roles.json", &roles(site)));
    work.one(|| put(out, "api/tools.json", &tools(site)));
    work.one(|| put(out, "api/aliases.json", &aliases(site)));
    work.one(|| put(out, "api/rules.json", &rule_list(site)));
    let entries = &site.catalog.entries;
    work.each(entries.len(), |at| put(out, &paths::type_api(&entries[at].id), &entries[at]));
}

/// Writes the list of addresses, when the files are there. `known` are files that somebody else makes and that have
/// an address of their own, each with what it holds.
pub(super) fn write_index(site: &Site<'_>, known: &[(&str, &str)], out: &Output<'_>) -> Result<(), Error> {
    let lists: BTreeMap<&str, usize> = BTreeMap::from([
        ("api/types.json", site.catalog.entries.len()),
        ("api/media-types.json", site.lookup.media_types.len()),
        ("api/roles.json", glyphs::ALL.len()),
        ("api/tools.json", tools(site).tools.len()),
        ("api/aliases.json", aliases(site).aliases.len()),
        ("api/rules.json", rules::all().len()),
    ]);
    let endpoint = |(path, about): &(&str, &str)| {
        let Download { size, digest } = out.download(path)?;
        Some(Endpoint {
            address: at(site, path),
            description: (*about).to_owned(),
            media_type: if path.ends_with(".schema.json") { "application/schema+json" } else { "application/json" },
            count: lists.get(path).copied(),
            size,
            digest,
        })
    };
    let endpoints = known.iter().chain(&FILES).filter_map(endpoint).collect();
    let pattern = |(pattern, name, description): (&str, &str, &'static str)| {
        let list = match name {
            "role" => "api/roles.json",
            "mediaType" => "api/media-types.json",
            "rule" => "api/rules.json",
            _ => "api/types.json",
        };
        // The braces stay as they are: the address is not one before they are filled.
        let address = site.base.map_or_else(|| pattern.to_owned(), |base| format!("{base}/{pattern}"));
        Pattern { address, description, count: matching(site, pattern, out), names: at(site, list) }
    };
    let patterns = PATTERNS.into_iter().map(pattern).collect();
    put(out, INDEX, &Index { schema_version: SCHEMA_VERSION, endpoints, patterns })
}

/// Writes a value as a file.
pub(super) fn put(out: &Output<'_>, path: &str, value: &impl Serialize) -> Result<(), Error> {
    let text = inert(serde_json::to_string_pretty(value)? + "\n");
    out.put(path, text.into_bytes())
}

/// Writes a value that may be large as a file, into the output as it is made.
fn stream(out: &Output<'_>, path: &str, value: &impl Serialize) -> Result<(), Error> {
    out.stream(path, |writer| {
        let mut writer = Inert(writer);
        serde_json::to_writer_pretty(&mut writer, value)?;
        writer.write_all(b"\n")
    })
}

/// How many files have an address of a pattern.
fn matching(site: &Site<'_>, pattern: &str, out: &Output<'_>) -> usize {
    let (Some(open), Some(close)) = (pattern.find('{'), pattern.rfind('}')) else { return 0 };
    let (before, within, after) = (&pattern[..open], &pattern[open..=close], &pattern[close + 1..]);
    // A media type has a slash.
    let slashes = within.matches('/').count() + usize::from(within == "{mediaType}");
    let fits = |name: &str| {
        let id =
            if within.contains("{side}") { name.rsplit_once('-').map(|(id, _)| id) } else { name.split('/').next() };
        let known = !within.starts_with("{type}") || id.is_some_and(|id| site.lookup.type_ref(id).is_some());
        known && name.matches('/').count() == slashes
    };
    let mut count = 0;
    out.below(before, |path, _| {
        let name = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        count += usize::from(name.is_some_and(fits));
    });
    count
}

/// A path below the root of the site, as an address when the site has one.
fn at(site: &Site<'_>, path: &str) -> String {
    match site.base {
        Some(base) => paths::absolute(base, path),
        None => paths::url(path),
    }
}

fn types<'a>(site: &Site<'a>) -> Types<'a> {
    let item = |entry: &'a ArtifactType| TypeItem {
        id: &entry.id,
        kind: entry.kind,
        title: &entry.title,
        label: &entry.label,
        summary: &entry.summary,
        status: entry.status.state,
        tier: entry.tier,
        roles: &entry.roles,
        icon: site.lookup.type_ref(&entry.id).map(|found| at(site, &found.icon)).unwrap_or_default(),
        page: at(site, &paths::type_page(&entry.id)),
        entry: at(site, &paths::type_api(&entry.id)),
    };
    Types { schema_version: SCHEMA_VERSION, types: site.catalog.entries.iter().map(item).collect() }
}

fn media_types<'a>(site: &'a Site<'_>) -> MediaTypes<'a> {
    let media_types = site.lookup.media_types.iter().filter_map(|(name, facts)| {
        let media_type = MediaType::parse(name).ok()?;
        let uses = facts.uses.iter().map(|usage| UseItem {
            type_id: usage.type_id,
            place: usage.place,
            part: usage.part,
            former: usage.former,
            successor: usage.successor,
        });
        Some(MediaTypeItem {
            media_type: name,
            page: at(site, &paths::media_type_page(&media_type)),
            registered: facts.registered,
            uses: uses.collect(),
        })
    });
    MediaTypes { schema_version: SCHEMA_VERSION, media_types: media_types.collect() }
}

fn roles<'a>(site: &'a Site<'_>) -> Roles<'a> {
    let item = |role: glyphs::RoleFacts| RoleItem {
        role: role.name,
        title: role.title,
        description: role.about,
        icon: at(site, &glyphs::path(role.name)),
        page: at(site, &paths::role_page(role.name)),
        types: site.lookup.with_role(role.role),
    };
    Roles { schema_version: SCHEMA_VERSION, roles: glyphs::ALL.into_iter().map(item).collect() }
}

/// The tools of all entries, one of each title, sorted.
fn tools<'a>(site: &Site<'a>) -> Tools<'a> {
    let mut tools: BTreeMap<&str, ToolItem<'a>> = BTreeMap::new();
    for entry in &site.catalog.entries {
        for tool in &entry.tools {
            let item = tools.entry(&tool.title).or_insert_with(|| ToolItem {
                title: &tool.title,
                home: &tool.home,
                install: None,
                types: Vec::new(),
                actions: 0,
            });
            item.install = item.install.or(tool.install.as_deref());
            item.actions += entry.actions.iter().filter(|action| action.tool == tool.id).count();
            if item.types.last() != Some(&entry.id.as_str()) {
                item.types.push(&entry.id);
            }
        }
    }
    Tools { schema_version: SCHEMA_VERSION, tools: tools.into_values().collect() }
}

/// The aliases of all entries, sorted.
fn aliases<'a>(site: &Site<'a>) -> Aliases<'a> {
    let of = |entry: &'a ArtifactType| entry.aliases.iter().map(move |alias| (alias.as_str(), entry.id.as_str()));
    let mut all: Vec<(&str, &str)> = site.catalog.entries.iter().flat_map(of).collect();
    all.sort_unstable();
    let item =
        |(alias, type_id): (&'a str, &'a str)| AliasItem { alias, type_id, page: at(site, &paths::type_page(type_id)) };
    Aliases { schema_version: SCHEMA_VERSION, aliases: all.into_iter().map(item).collect() }
}

fn rule_list(site: &Site<'_>) -> Rules {
    let item = |rule: &'static crate::finding::Rule| RuleItem {
        id: rule.id,
        level: rule.level.name(),
        since: rule.since,
        subject: rule.subject.name(),
        summary: rule.summary(),
        page: at(site, &paths::rule_page(rule.id)),
        docs: words::unindented(rule.docs),
    };
    Rules { schema_version: SCHEMA_VERSION, rules: rules::all().into_iter().map(item).collect() }
}
