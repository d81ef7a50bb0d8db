//! The index of the search: one script that assigns one variable, so that it also loads from a disk, where a page
//! may not read other files.
//!
//! It holds names, media types, tools and annotation keys of types, the rules of the linter, the roles, and the text
//! of the guides. Lists name what several types share by its position, which keeps it small.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Serialize;

use super::html::plain_text;
use super::{Error, Output, Site, glyphs, paths, words};
use crate::catalog::claims::claims;
use crate::catalog::model::{ArtifactType, Kind, State};
use crate::mapping::Inert;
use crate::oci::media_type::normalise;
use crate::rules;

/// Path of the index.
pub(super) const INDEX: &str = "search/index.js";
/// Path of the description by which a browser learns to search here.
pub(super) const DESCRIPTION: &str = "opensearch.xml";
/// Path of the page of results.
pub(super) const PAGE: &str = "search/index.html";
/// Most characters of a section's text in the index.
const MAX_TEXT: usize = 900;

/// A page or a section of one: address from the root, title and text.
pub(super) type Passage = (String, String, String);

/// What is searched.
#[derive(Debug, Serialize)]
struct Index<'a> {
    types: Vec<TypeRecord<'a>>,
    /// Media types that have a page.
    media: Vec<&'a str>,
    /// Keys of annotations.
    annotations: Vec<&'a str>,
    /// Titles of tools.
    tools: Vec<&'a str>,
    /// Name, title and meaning of each role.
    roles: Vec<(&'static str, &'static str, &'static str)>,
    /// Id and summary of each rule of the linter.
    rules: Vec<(&'static str, &'static str)>,
    /// Each other page or section.
    pages: &'a [Passage],
}

/// A type, as a list: the script names the members.
#[derive(Debug, Serialize)]
struct TypeRecord<'a>(
    /// Id.
    &'a str,
    /// Title.
    &'a str,
    /// Label; empty when it is the title.
    &'a str,
    /// Summary.
    &'a str,
    /// Publisher.
    &'a str,
    /// State, when it is not active; `facet` for a facet.
    &'a str,
    /// Path of the icon below `icons/`, without its ending; empty when it is the id.
    &'a str,
    /// Aliases.
    &'a [String],
    /// Positions of roles.
    Vec<usize>,
    /// Positions of media types, in the order in which the entry names them.
    Vec<usize>,
    /// Positions of tools.
    Vec<usize>,
    /// Positions of annotations.
    Vec<usize>,
);

/// Writes the index, and with a base the description for browsers. The other pages must be made before.
pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let pages = out.passages();
    out.stream(INDEX, |writer| index(site, &pages, writer))?;
    if let Some(base) = site.base {
        out.put(DESCRIPTION, description(base).into_bytes())?;
    }
    Ok(())
}

/// Writes the script.
fn index(site: &Site<'_>, pages: &[Passage], writer: &mut dyn io::Write) -> io::Result<()> {
    let entries = &site.catalog.entries;
    let keys = entries.iter().flat_map(annotation_keys).collect::<BTreeSet<_>>();
    let tools = entries.iter().flat_map(|entry| &entry.tools).map(|tool| tool.title.as_str()).collect::<BTreeSet<_>>();
    let media = numbered(site.lookup.media_types.keys().map(String::as_str));
    let (annotations, tools) = (numbered(keys), numbered(tools));
    let icons: Vec<String> = entries.iter().map(|entry| icon(site, entry)).collect();
    let index = Index {
        types: entries
            .iter()
            .zip(&icons)
            .map(|(entry, icon)| record(entry, icon, &media, &annotations, &tools))
            .collect(),
        media: media.into_keys().collect(),
        annotations: annotations.into_keys().collect(),
        tools: tools.into_keys().collect(),
        roles: glyphs::ALL.into_iter().map(|role| (role.name, role.title, role.about)).collect(),
        rules: rules::all().iter().map(|rule| (rule.id, rule.summary())).collect(),
        pages,
    };
    writer.write_all(b"globalThis.oatSearchIndex=")?;
    serde_json::to_writer(Inert(&mut *writer), &index)?;
    writer.write_all(b";\n")
}

/// Sorted names with their positions.
fn numbered<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    names.into_iter().enumerate().map(|(at, name)| (name, at)).collect()
}

/// The part of the path of an entry's picture that is not the same for all; empty when it is the id.
fn icon(site: &Site<'_>, entry: &ArtifactType) -> String {
    let path = site.lookup.type_ref(&entry.id).map(|found| &*found.icon).unwrap_or_default();
    let name = path.strip_prefix("icons/").and_then(|rest| rest.strip_suffix(".svg")).unwrap_or_default();
    if name == entry.id { String::new() } else { name.to_owned() }
}

fn record<'a>(
    entry: &'a ArtifactType,
    icon: &'a str,
    media: &BTreeMap<&str, usize>,
    annotations: &BTreeMap<&str, usize>,
    tools: &BTreeMap<&str, usize>,
) -> TypeRecord<'a> {
    let state = match (entry.kind, entry.status.state) {
        (Kind::Facet, _) => "facet",
        (Kind::Type, State::Active) => "",
        (Kind::Type, state) => words::state(state).0,
    };
    let role = |role| glyphs::ALL.iter().position(|known| known.role == role);
    let own = claims(entry).into_iter().map(|(name, _)| normalise(name.into()).into_owned());
    TypeRecord(
        &entry.id,
        &entry.title,
        if entry.label == entry.title { "" } else { &entry.label },
        &entry.summary,
        &entry.publisher.name,
        state,
        icon,
        &entry.aliases,
        entry.roles.iter().copied().filter_map(role).collect(),
        positions(own, media),
        positions(entry.tools.iter().map(|tool| &tool.title), tools),
        positions(annotation_keys(entry), annotations),
    )
}

/// Positions of names, each once, in their own order.
fn positions(names: impl IntoIterator<Item = impl AsRef<str>>, known: &BTreeMap<&str, usize>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter_map(|name| known.get(name.as_ref()).copied()).filter(|at| seen.insert(*at)).collect()
}

/// Keys of the annotations of an entry, of the document and of its layers.
fn annotation_keys(entry: &ArtifactType) -> impl Iterator<Item = &str> {
    let parts = entry.structure.iter().flat_map(|structure| {
        structure.annotations.iter().chain(structure.layers.iter().flat_map(|layer| &layer.annotations))
    });
    parts.map(|part| part.key.as_str())
}

/// What the index has of a page that no list of it names: title and description, of a guide the text of its sections
/// too.
pub(super) fn passages(path: &str, bytes: &[u8]) -> Vec<Passage> {
    let named = |path: &str| {
        ["types/", "media-types/", "roles/", "rules/"]
            .iter()
            .any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest != "index.html"))
    };
    if !path.ends_with(".html") || named(path) || ["404.html", PAGE].contains(&path) {
        return Vec::new();
    }
    let Ok(html) = std::str::from_utf8(bytes) else { return Vec::new() };
    let url = paths::url(path);
    let title = plain_text(between(html, "<h1", "</h1>"));
    let about = plain_text(between(html, "<p class=\"lead\"", "</p>"));
    let mut passages = vec![(url.clone(), title, cut(&about))];
    if path.starts_with("guides/") {
        passages.extend(sections(html).map(|(id, title, text)| (format!("{url}#{id}"), title, text)));
    }
    passages
}

/// What stands within the first element of a name.
fn between<'a>(html: &'a str, open: &str, close: &str) -> &'a str {
    let inner = html.split_once(open).and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
    inner.split_once(close).map_or("", |(inner, _)| inner)
}

/// The sections of a page of ours: anchor, title, text.
fn sections(html: &str) -> impl Iterator<Item = (&str, String, String)> {
    let main = html.split("</main>").next().unwrap_or_default();
    main.split("<h2 id=\"").skip(1).filter_map(|part| {
        let (id, rest) = part.split_once("\">")?;
        let (title, body) = rest.split_once("</h2>")?;
        // Code is for reading, not for searching.
        let prose = body.split("<pre").enumerate().map(|(at, part)| match at {
            0 => part,
            _ => part.split_once("</pre>").map_or("", |(_, after)| after),
        });
        let text: Vec<String> = prose.map(plain_text).collect();
        Some((id, plain_text(title), cut(text.join(" ").trim())))
    })
}

/// At most so much of a text, up to the end of a word.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        None => text.to_owned(),
        Some((end, _)) => text[..end].rsplit_once(' ').map_or(&text[..end], |(whole, _)| whole).to_owned(),
    }
}

/// The description in the form of `OpenSearch` 1.1.
fn description(base: &str) -> String {
    let at = |path: &str| super::feed::xml(&format!("{base}/{path}"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>OCI types</ShortName>\n<Description>Types of artifacts in OCI registries</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n<Image type=\"image/svg+xml\">{}</Image>\n\
         <Url type=\"text/html\" template=\"{}?q={{searchTerms}}\"/>\n</OpenSearchDescription>\n",
        at("static/favicon.svg"),
        at(PAGE),
    )
}

#[cfg(test)]
mod tests {
    use super::super::lookup::Lookup;
    use super::*;
    use crate::catalog::{Catalog, embedded};

    fn script(catalog: &Catalog, pages: &[Passage]) -> String {
        let mut script = Vec::new();
        index(&Site { catalog, lookup: Lookup::new(catalog), base: None }, pages, &mut script).unwrap();
        String::from_utf8(script).unwrap()
    }

    fn value(script: &str) -> serde_json::Value {
        let json = script.strip_prefix("globalThis.oatSearchIndex=").unwrap().strip_suffix(";\n").unwrap();
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn nothing_ends_the_script_or_a_line_of_it() {
        let hostile = "</script><!--\u{2028}\u{2029}\"\\";
        let entry = ArtifactType {
            id: "a".into(),
            title: hostile.into(),
            aliases: vec![hostile.into()],
            ..ArtifactType::default()
        };
        let catalog = Catalog::new(vec![entry], BTreeMap::new());
        let script = script(&catalog, &[("x".into(), hostile.into(), hostile.into())]);
        assert!(!script.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{script}");
        assert_eq!(script.lines().count(), 1);
        let value = value(&script);
        assert_eq!((&value["types"][0][1], &value["pages"][0][1]), (&hostile.into(), &hostile.into()));
    }

    #[test]
    fn the_order_of_entries_does_not_matter() {
        let catalog = embedded::catalog();
        let mut entries = catalog.entries.clone();
        entries.reverse();
        let reversed = Catalog::new(entries, catalog.files.clone());
        assert!(script(&catalog, &[]) == script(&reversed, &[]));
    }

    #[test]
    fn positions_lead_back_to_names() {
        let catalog = embedded::catalog();
        let value = value(&script(&catalog, &[]));
        let types = value["types"].as_array().unwrap();
        assert_eq!(types.len(), catalog.entries.len());
        let helm = types.iter().find(|record| record[0] == "helm-chart").unwrap();
        let names = |list: &str, at: usize| -> Vec<String> {
            let name =
                |position: &serde_json::Value| &value[list][usize::try_from(position.as_u64().unwrap()).unwrap()];
            helm[at].as_array().unwrap().iter().map(|at| name(at).as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("media", 9)[0], "application/vnd.cncf.helm.config.v1+json");
        assert_eq!(names("tools", 10), ["Helm"]);
        assert!(names("annotations", 11).contains(&"org.opencontainers.image.version".to_owned()));
        assert_eq!(value["roles"][usize::try_from(helm[8][0].as_u64().unwrap()).unwrap()][0], "chart");
        assert_eq!(value["rules"].as_array().unwrap().len(), rules::all().len());
    }

    #[test]
    fn pages_are_told_by_their_words() {
        let page = "<main><h1>A <b>guide</b></h1><p class=\"lead\">What &#38; how.</p>\
                    <h2 id=\"one\">One</h2><p>First.</p><pre><code>x &lt; y</code></pre><p>Then.</p></main>No.";
        let of = |url: &str, title: &str, text: &str| (url.to_owned(), title.to_owned(), text.to_owned());
        assert!(passages("rules/x/index.html", page.as_bytes()).is_empty());
        assert!(passages("404.html", page.as_bytes()).is_empty());
        assert_eq!(
            passages("guides/a/index.html", page.as_bytes()),
            [of("guides/a/index.html", "A guide", "What & how."), of("guides/a/index.html#one", "One", "First. Then.")]
        );
        assert_eq!(cut(&"ab ".repeat(400)).len(), 899);
    }
}
