//! The site for programs: the same content as JSON at stable addresses.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Error, Site, glyphs, paths, words};
use crate::catalog::ArtifactType;
use crate::catalog::model::{Kind, Role, State, Tier};
use crate::mapping::inert;
use crate::oci::media_type::MediaType;
use crate::rules;

/// Version of the form of these files.
const SCHEMA_VERSION: u32 = 1;

/// The files of the interface with what each holds, for the page of downloads.
pub(super) const FILES: [(&str, &str); 4] = [
    (
        "api/types.json",
        "Every type and facet with its title, roles, standing and addresses. The whole entry is at api/types/ID.json.",
    ),
    (
        "api/media-types.json",
        "Every media type with the types that use it, where it stands, and its successor if it is a former one.",
    ),
    ("api/roles.json", "Every role with its types."),
    ("api/rules.json", "Every rule of the linter with its level and its page as Markdown."),
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

/// Writes every file of the interface.
pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    for entry in &site.catalog.entries {
        put(files, paths::type_api(&entry.id), entry)?;
    }
    put(files, "api/types.json".to_owned(), &types(site))?;
    put(files, "api/media-types.json".to_owned(), &media_types(site))?;
    put(files, "api/roles.json".to_owned(), &roles(site))?;
    put(files, "api/rules.json".to_owned(), &rule_list(site))
}

/// Writes a value as a file.
pub(super) fn put(files: &mut BTreeMap<String, Vec<u8>>, path: String, value: &impl Serialize) -> Result<(), Error> {
    let text = inert(&(serde_json::to_string_pretty(value)? + "\n"));
    files.insert(path, text.into_bytes());
    Ok(())
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
