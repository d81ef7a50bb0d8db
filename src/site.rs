//! The static site: from a catalog to files, each a path with bytes, for people in HTML and for programs in JSON.
//!
//! A pure function: no clock, no file system, no order but that of sorted names. Each file is given away as soon as it
//! is made; which comes first is not said. What contributors wrote reaches a
//! page only through the escaping of templates or through the Markdown filter, and an address only when it was
//! checked. Nothing is loaded from another host.

mod api;
mod badge;
mod cards;
mod diagram;
mod feed;
mod figures;
mod glyphs;
mod html;
mod layout;
mod lookup;
mod markdown;
mod output;
mod pages;
mod paths;
mod pictures;
mod redirects;
pub mod registry;
mod search;
mod words;

use std::collections::BTreeMap;
use std::{fmt, io};

use crate::catalog::Catalog;
use crate::catalog::model::is_id;
use crate::parallel::Work;
use crate::picture;
use lookup::Lookup;
pub use output::{Content, Files, Output, Sink};
pub use pictures::Pictures;

/// Files that every site has as they are: path below the root, and bytes.
const STATIC: [(&str, &str); 15] = [
    ("static/actions.js", include_str!("../site-templates/static/actions.js")),
    ("static/contents.js", include_str!("../site-templates/static/contents.js")),
    ("static/copy.js", include_str!("../site-templates/static/copy.js")),
    ("static/density.js", include_str!("../site-templates/static/density.js")),
    ("static/favicon.svg", include_str!("../site-templates/static/favicon.svg")),
    ("static/findings.js", include_str!("../site-templates/static/findings.js")),
    ("static/identify.js", include_str!("../site-templates/static/identify.js")),
    ("static/json.js", include_str!("../site-templates/static/json.js")),
    ("static/listing.js", include_str!("../site-templates/static/listing.js")),
    ("static/playground.js", include_str!("../site-templates/static/playground.js")),
    ("static/search-box.js", include_str!("../site-templates/static/search-box.js")),
    ("static/search-page.js", include_str!("../site-templates/static/search-page.js")),
    ("static/search.js", include_str!("../site-templates/static/search.js")),
    ("static/style.css", include_str!("../site-templates/static/style.css")),
    ("static/theme.js", include_str!("../site-templates/static/theme.js")),
];

/// How a site is built.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Address at which the site will stand. With it pages name their own address, and there are a feed and a site
    /// map; without it every link is relative and these are left out.
    pub base_url: Option<&'a str>,
    /// Pictures that an earlier build drew, for who builds again and again.
    pub pictures: Option<&'a Pictures>,
}

/// Why a site can not be built.
#[derive(Debug)]
pub enum Error {
    /// A page could not be rendered, which is a mistake of ours.
    Page(String, askama::Error),
    /// A file could not be written as JSON, which is a mistake of ours.
    Json(serde_json::Error),
    /// A picture can not be rendered: the catalog was not linted, or it is a mistake of ours.
    Picture(String, picture::Error),
    /// The output did not take a file.
    Sink(String, io::Error),
    /// An entry's id is none, so that it can not name a folder: the catalog was not linted.
    Id(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(path, error) => write!(f, "{path}: {error}"),
            Self::Json(error) => write!(f, "{error}"),
            Self::Picture(path, error) => write!(f, "{path}: {error}"),
            Self::Sink(path, error) => write!(f, "{path}: {error}"),
            Self::Id(id) => write!(f, "{id:?} is no type id"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Page(_, error) => Some(error),
            Self::Json(error) => Some(error),
            Self::Picture(_, error) => Some(error),
            Self::Sink(_, error) => Some(error),
            Self::Id(_) => None,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

/// What is being built.
struct Site<'a> {
    catalog: &'a Catalog,
    lookup: Lookup<'a>,
    /// Address of the site without a final slash.
    base: Option<&'a str>,
}

/// Builds the site into an output. The same catalog gives the same files.
///
/// What somebody else makes and what stands beside the pages (the mapping, schemas, conformance vectors) must be in the
/// output already: the page of downloads lists it with its digests.
///
/// # Errors
///
/// When an entry's id can not name a folder, an icon can not be rendered, or the output does not take a file; else only
/// by a mistake of ours.
pub fn build(catalog: &Catalog, options: &Options<'_>, out: &Output<'_>) -> Result<(), Error> {
    build_beside(catalog, options, out, Work::default(), || Ok(()))
}

/// Builds the site while somebody else makes, as the first part of the work, what stands beside the pages; `last` is
/// done when all of it is there.
pub(crate) fn build_beside<'w>(
    catalog: &'w Catalog,
    options: &'w Options<'_>,
    out: &'w Output<'_>,
    work: Work<'w, Error>,
    last: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    if let Some(entry) = catalog.entries.iter().find(|entry| !is_id(&entry.id)) {
        return Err(Error::Id(entry.id.clone()));
    }
    let base = options.base_url.map(|base| base.trim_end_matches('/'));
    let site = Site { catalog, lookup: Lookup::new(catalog), base };
    let shared = pages::Shared::new(&site);
    let mut work = work;
    pages::plan(&site, &shared, out, &mut work);
    api::plan(&site, out, &mut work);
    pictures::plan(&site, options.pictures, out, &mut work);
    if base.is_some() {
        // Nobody can name them without an address.
        cards::plan(out, options.pictures, &mut work);
    }
    badge::plan(&site, out, &mut work);
    examples(&site, out, &mut work);
    work.run()?;
    last()?;
    redirects::write(&site, out)?;
    for (path, text) in STATIC {
        out.put(path, text.as_bytes())?;
    }
    out.put("robots.txt", feed::robots(base).into_bytes())?;
    // Last, because it names the digests of what was made before.
    pages::write_downloads(&site, out)?;
    // It holds the text of pages.
    search::write(&site, out)?;
    if let Some(base) = site.base {
        feed::write(&site, base, out)?;
    }
    Ok(())
}

/// Builds the site in memory, without what stands beside its pages: path to bytes.
///
/// # Errors
///
/// As [`build`].
pub fn files(catalog: &Catalog, options: &Options<'_>) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let files = Files::default();
    build(catalog, options, &Output::new(&files))?;
    Ok(files.into_map())
}

/// Example documents, byte for byte.
fn examples<'w>(site: &'w Site<'_>, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    work.each(site.catalog.entries.len(), move |at| {
        let entry = &site.catalog.entries[at];
        let named = entry.examples.iter().flat_map(|example| {
            let context = example.context.as_ref();
            let context = context
                .into_iter()
                .flat_map(|context| context.config.iter().chain(&context.parent).chain(&context.children));
            std::iter::once(&example.file).chain(context)
        });
        for name in named.filter(|name| paths::is_file_name(name)) {
            if let Some(text) = site.catalog.file(&entry.id, &format!("examples/{name}")) {
                out.put(&format!("examples/{}/{name}", entry.id), text.as_bytes())?;
            }
        }
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::ArtifactType;
    use crate::picture::Picture;
    use crate::{conformance, mapping, rules};

    type Files = BTreeMap<String, Vec<u8>>;

    /// The embedded catalog's site, with what stands beside the pages.
    fn built(base_url: Option<&str>) -> Files {
        whole(&crate::catalog::embedded::catalog(), base_url)
    }

    fn whole(catalog: &Catalog, base_url: Option<&str>) -> Files {
        let mut downloads = conformance::files(catalog).unwrap();
        let mapping = mapping::MediaTypeMappings::new(catalog, base_url).unwrap().to_json().unwrap();
        downloads.insert(mapping::FILE.to_owned(), mapping.into_bytes());
        for name in ["selection", "when"] {
            downloads.insert(format!("schemas/{name}.schema.json"), b"{}".to_vec());
        }
        for entry in &catalog.entries {
            if let Some(schema) = catalog.file(&entry.id, "config.schema.json") {
                downloads.insert(mapping::config_schema_path(&entry.id), schema.into());
            }
        }
        let made = super::Files::default();
        let out = Output::new(&made);
        for (path, bytes) in &downloads {
            out.put(path, bytes).unwrap();
        }
        build(catalog, &Options { base_url, pictures: None }, &out).unwrap();
        made.into_map()
    }

    fn pages(files: &Files) -> impl Iterator<Item = (&str, &str)> {
        files
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
    }

    /// Tags of a page in order: name, attributes, whether it closes.
    fn tags(html: &str) -> Vec<(&str, Vec<(&str, &str)>, bool)> {
        let mut tags = Vec::new();
        for part in html.split('<').skip(1).filter(|part| !part.starts_with('!')) {
            let (inner, _) = part.split_once('>').unwrap_or_else(|| panic!("an open tag: {part}"));
            let (inner, closing) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
            let (name, mut rest) = inner.split_once([' ', '\n']).unwrap_or((inner, ""));
            let mut attributes = Vec::new();
            while !rest.trim().is_empty() {
                let end = rest.find(['=', ' ']).unwrap_or(rest.len());
                let key = &rest[..end];
                if rest[end..].starts_with("=\"") {
                    let value = &rest[end + 2..];
                    let quote = value.find('"').unwrap_or_else(|| panic!("an open attribute: {inner}"));
                    attributes.push((key, &value[..quote]));
                    rest = value[quote + 1..].trim_start();
                } else {
                    attributes.push((key, ""));
                    rest = rest[end..].trim_start();
                }
            }
            tags.push((name, attributes, closing));
        }
        tags
    }

    const VOID: [&str; 6] = ["meta", "link", "img", "input", "br", "wbr"];
    /// Elements that a parser closes by itself when text of this kind follows: they must not hold blocks.
    const BLOCKS: [&str; 12] = ["p", "ul", "ol", "dl", "div", "section", "table", "pre", "h1", "h2", "h3", "details"];

    #[test]
    fn pages_are_well_formed() {
        let files = built(None);
        for (path, html) in pages(&files) {
            assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"), "{path}");
            let (mut open, mut ids, mut headings) = (Vec::new(), BTreeSet::new(), 0);
            let mut level = 0;
            for (name, attributes, closing) in tags(html) {
                if closing {
                    assert_eq!(open.pop(), Some(name), "{path}");
                    continue;
                }
                headings += usize::from(name == "h1");
                if let Some(rank) = name.strip_prefix('h').and_then(|rank| rank.parse::<u8>().ok()) {
                    assert!(rank <= level + 1, "{path}: h{rank} follows h{level}");
                    level = rank;
                }
                let parent = open.last().copied().unwrap_or_default();
                assert!(
                    !(["p", "span", "bdi", "h1", "h2", "h3", "summary"].contains(&parent) && BLOCKS.contains(&name)),
                    "{path}: {name} in {parent}"
                );
                assert!(!(name == "a" && open.contains(&"a")), "{path}: a link in a link");
                if let Some((_, id)) = attributes.iter().find(|(key, _)| *key == "id") {
                    assert!(
                        !id.is_empty() && !id.contains(' ') && ids.insert((*id).to_owned()),
                        "{path}: id {id} twice, or none"
                    );
                }
                for (key, value) in &attributes {
                    assert!(!key.starts_with("on") && *key != "style", "{path}: {key}");
                    if *key == "aria-labelledby" {
                        assert!(html.contains(&format!("id=\"{value}\"")), "{path}: nothing is called {value}");
                    }
                }
                if name == "img" {
                    assert!(attributes.iter().any(|(key, _)| *key == "alt"), "{path}: a picture without alt");
                }
                if !VOID.contains(&name) {
                    open.push(name);
                }
            }
            assert!(open.is_empty(), "{path}: {open:?}");
            assert_eq!(headings, 1, "{path}");
            assert!(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"), "{path}");
        }
    }

    #[test]
    fn every_link_leads_to_a_file_and_every_page_is_reached() {
        for base in [None, Some("https://example.com/sub/")] {
            let files = built(base);
            let mut reached = BTreeSet::from(["404.html".to_owned(), "index.html".to_owned()]);
            let mut broken = Vec::new();
            for (path, html) in pages(&files) {
                for (name, attributes, _) in tags(html) {
                    for (_, link) in attributes.iter().filter(|(key, _)| ["href", "src"].contains(key)) {
                        let link = link.replace("&#38;", "&");
                        if link.starts_with("https://") || link.starts_with("mailto:") {
                            assert!(name == "a" || path == "404.html" || name == "link", "{path} loads {link}");
                            continue;
                        }
                        let (target, fragment) = link.split_once('#').unwrap_or((&link, ""));
                        let target = target.split('?').next().unwrap_or_default();
                        let resolved = if target.is_empty() { path.to_owned() } else { resolve(path, target) };
                        match files.get(&resolved) {
                            None => broken.push(format!("{path}: {link}")),
                            // The playground reads an example from its fragment, and it must be there.
                            Some(_) if fragment.starts_with("example=") => {
                                let example = fragment.replacen("example=", "examples/", 1);
                                assert!(files.contains_key(&example), "{path}: {link}");
                            }
                            Some(bytes) if !fragment.is_empty() => {
                                let id = format!("id=\"{fragment}\"");
                                if !String::from_utf8_lossy(bytes).contains(&id) {
                                    broken.push(format!("{path}: {link}: no such fragment"));
                                }
                            }
                            Some(_) => {}
                        }
                        reached.insert(resolved);
                    }
                }
            }
            assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
            // A redirect is for those who come from elsewhere.
            let leads_on = |html: &str| html.contains("<meta http-equiv=\"refresh\"");
            let orphans: Vec<_> = pages(&files)
                .filter(|(path, html)| !reached.contains(*path) && !leads_on(html))
                .map(|(path, _)| path)
                .collect();
            assert!(orphans.is_empty(), "{orphans:?}");
            assert_eq!(files.contains_key("feed.xml") && files.contains_key("sitemap.xml"), base.is_some());
        }
    }

    fn resolve(page: &str, link: &str) -> String {
        let mut parts: Vec<&str> = page.split('/').collect();
        parts.pop();
        for part in link.split('/') {
            if part == ".." {
                assert!(parts.pop().is_some(), "{page}: {link} leaves the site");
            } else {
                parts.push(part);
            }
        }
        parts.join("/")
    }

    #[test]
    fn everything_has_its_page() {
        let files = built(None);
        let catalog = crate::catalog::embedded::catalog();
        for entry in &catalog.entries {
            assert!(
                files.contains_key(&paths::type_page(&entry.id)) && files.contains_key(&paths::type_api(&entry.id)),
                "{}",
                entry.id
            );
            let again: ArtifactType = serde_json::from_slice(&files[&paths::type_api(&entry.id)]).unwrap();
            assert_eq!(again, *entry);
        }
        for rule in rules::all() {
            assert!(files.contains_key(&paths::rule_page(rule.id)), "{}", rule.id);
        }
        for role in glyphs::ALL {
            assert!(
                files.contains_key(&paths::role_page(role.name)) && files.contains_key(&glyphs::path(role.name)),
                "{}",
                role.name
            );
        }
        let lookup = Lookup::new(&catalog);
        for name in lookup.media_types.keys() {
            assert!(files.contains_key(&lookup.media_type_page(name).unwrap()), "{name}");
        }
        for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("api/")) {
            serde_json::from_slice::<serde_json::Value>(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }

    #[test]
    fn the_same_catalog_gives_the_same_bytes() {
        let catalog = crate::catalog::embedded::catalog();
        let mut entries = catalog.entries.clone();
        entries.reverse();
        let reversed = Catalog::new(entries, catalog.files.clone());
        assert!(whole(&catalog, None) == whole(&reversed, None));
    }

    /// A type page with its styles, scripts and pictures takes little, as a server sends it.
    #[test]
    fn type_pages_are_light() {
        const MOST: usize = 60 * 1000;
        let files = built(Some("https://example.com/"));
        let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
        let mut size = |path: &str| {
            *sizes.entry(path.to_owned()).or_insert_with(|| {
                let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
                std::io::Write::write_all(&mut packed, &files[path]).unwrap();
                packed.finish().unwrap().len()
            })
        };
        for (path, html) in pages(&files).filter(|(path, _)| path.starts_with("types/")) {
            let mut loaded = BTreeSet::from([path.to_owned()]);
            for (name, attributes, _) in tags(html).into_iter().filter(|(_, _, closing)| !closing) {
                let key = match name {
                    "script" | "img" => "src",
                    "link" => "href",
                    _ => continue,
                };
                let link = attributes.iter().find(|(other, _)| *other == key).unwrap().1;
                if !link.starts_with("https://") && !link.ends_with("feed.xml") {
                    loaded.insert(resolve(path, link));
                }
            }
            let total: usize = loaded.iter().map(|path| size(path)).sum();
            assert!(total < MOST, "{path}: {total} bytes with {loaded:?}");
        }
    }

    #[test]
    fn cards_are_named_only_where_they_have_an_address() {
        let files = built(Some("https://example.com/sub/"));
        for (path, html) in pages(&files).filter(|(path, html)| *path != "404.html" && html.contains("og:title")) {
            let address = html.split_once("og:image\" content=\"https://example.com/sub/").map(|(_, rest)| rest);
            let card = address.and_then(|rest| rest.split_once('"')).unwrap_or_else(|| panic!("{path} has no card")).0;
            assert!(files.contains_key(card), "{path}: {card}");
        }
        let files = built(None);
        assert!(!files.keys().any(|path| path.starts_with("cards/")));
        assert!(pages(&files).all(|(_, html)| !html.contains("og:image")));
    }

    #[test]
    fn sums_are_those_of_the_files() {
        let files = built(None);
        let sums = std::str::from_utf8(&files["downloads/SHA256SUMS"]).unwrap();
        let mut last = "";
        for line in sums.lines() {
            let (digest, path) = line.split_once("  ").unwrap();
            assert!(last < path, "{path} is not sorted");
            assert_eq!(crate::oci::hash::sha256(&files[path]), format!("sha256:{digest}"), "{path}");
            last = path;
        }
        for path in [mapping::FILE, "api/index.json", "api/types/helm-chart.json", "conformance/index.json"] {
            assert!(sums.contains(&format!("  {path}\n")), "{path}");
        }
    }

    #[test]
    fn an_id_that_is_none_is_refused() {
        let catalog =
            Catalog::new(vec![ArtifactType { id: "../x".into(), ..ArtifactType::default() }], BTreeMap::new());
        assert!(matches!(super::files(&catalog, &Options::default()), Err(Error::Id(_))));
    }

    /// Text that would be markup, in every field of every entry: it appears as text, and in no address.
    #[test]
    fn hostile_text_stays_text() {
        let catalog = crate::catalog::embedded::catalog();
        let hostile = "\"><script>alert(1)</script><img src=x onerror=y>'";
        let entries = catalog.entries.iter().map(|entry| {
            let mut value = serde_json::to_value(entry).unwrap();
            poison(&mut value, hostile);
            let mut entry: ArtifactType = serde_json::from_value(value).unwrap();
            // Another name that leads on to a page of hostile text.
            entry.aliases.push(format!("former-{}", entry.id));
            entry
        });
        let poisoned = Catalog::new(entries.collect(), catalog.files.clone());
        let mut seen = BTreeSet::new();
        for (path, bytes) in
            super::files(&poisoned, &Options { base_url: Some("https://example.com"), pictures: None }).unwrap()
        {
            if path.ends_with(".png") {
                continue;
            }
            let text = String::from_utf8(bytes).unwrap();
            let data = path.starts_with("api/") || (path.starts_with("badges/") && path.ends_with(".json"));
            let picture = path.starts_with("badges/") && path.ends_with(".svg");
            let plain = ["_redirects", "robots.txt", "downloads/SHA256SUMS"].contains(&path.as_str());
            if path.ends_with(".html") || path.ends_with(".xml") || data || picture || plain {
                for bad in ["<script>", "<img src=x", "\"><"] {
                    let ours = bad == "\"><" && !data && !plain;
                    assert!(ours || !text.contains(bad), "{path} holds {bad}");
                }
            }
            if picture {
                assert!(Picture::read(&text).is_ok() && text.contains("alert(1)"), "{path}: {text}");
            }
            seen.insert(path.split('/').next().unwrap_or_default().to_owned());
            if path.ends_with(".html") {
                for (name, attributes, _) in tags(&text) {
                    assert!(!["iframe", "object", "form", "style", "base"].contains(&name), "{path}: {name}");
                    for (key, value) in attributes {
                        assert!(!key.starts_with("on"), "{path}: {key}");
                        assert!(!["href", "src"].contains(&key) || !value.contains("alert("), "{path}: {key} {value}");
                    }
                }
            }
        }
        for part in ["badges", "figures", "registry", "_redirects", "robots.txt", "api", "downloads"] {
            assert!(seen.contains(part), "{part} was not looked at");
        }
    }

    /// Appends text to every string that is no word of a vocabulary and no reference.
    fn poison(value: &mut serde_json::Value, hostile: &str) {
        const FIXED: [&str; 26] = [
            "id",
            "kind",
            "state",
            "tier",
            "roles",
            "isA",
            "replacedBy",
            "targets",
            "by",
            "refines",
            "certainty",
            "shapes",
            "presence",
            "place",
            "as",
            "subject",
            "otherLayers",
            "field",
            "layers",
            "manifests",
            "children",
            "type",
            "date",
            "tool",
            "file",
            "examples",
        ];
        match value {
            serde_json::Value::String(text) => text.push_str(hostile),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| poison(item, hostile)),
            serde_json::Value::Object(members) => {
                for (key, member) in members {
                    // Lists of objects go by the same names as quantifiers and places.
                    let nested = member.as_array().is_some_and(|items| items.iter().any(serde_json::Value::is_object))
                        || member.is_object();
                    if nested || !(FIXED.contains(&key.as_str()) || key == "kind") {
                        poison(member, hostile);
                    }
                }
            }
            _ => {}
        }
    }
}
