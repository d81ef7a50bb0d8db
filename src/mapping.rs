//! `mediaTypeMappings.json`: what a registry operator downloads.
//!
//! The form of 2019 stays readable: `schemaVersion` 1 and `mediaTypes[]` under their old names. Everything newer
//! stands beside it. A type of its own, so that the catalog may change without breaking a consumer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::catalog::model::Certainty;
use crate::catalog::order::{FacetRule, OrderedRule, RuleSet, SubtypeRule, class};
use crate::catalog::predicate::{Condition, Each, Field, List, Need, Predicate, Scalar};
use crate::catalog::{ArtifactType, Catalog};
use crate::oci::digest::Algorithm;
use crate::oci::hash::{Hasher, sha256};
use crate::oci::well_known::saying_nothing;
use crate::picture::{SIDES, png_path};
use crate::selection::Chosen;

/// Path of the mapping below the site's root.
pub const FILE: &str = "mediaTypeMappings.json";
/// Version of its form.
const SCHEMA_VERSION: u32 = 1;

/// The mapping.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "OCI media type mappings")]
pub struct MediaTypeMappings {
    /// Version of this form.
    pub schema_version: u32,
    /// Version of the catalog: the day of its newest change, as `year.month.day`.
    pub catalog_version: String,
    /// SHA-256 of this file with the empty text as the value of `digest`.
    pub digest: String,
    /// One element for each media type that identifies a type, sorted by media type: the form of 2019.
    pub media_types: Vec<MediaTypeMapping>,
    /// Media types that say nothing, sorted: as `artifactType` and as the media type of the config they count as
    /// absent, except for the two `placeholder` fields.
    #[serde(default = "placeholders")]
    #[schemars(!default)]
    pub placeholders: Vec<String>,
    /// Rules in evaluation order: the first whose `when` holds decides.
    pub rules: Vec<MappedRule>,
    /// Facets: every one whose `when` holds applies besides the type.
    pub facets: Vec<MappedFacet>,
    /// Sub-types: every one of the answer's type whose `when` holds applies.
    pub subtypes: Vec<MappedSubtype>,
    /// The entries under their own key names, sorted by id. A rule's type that is not among them was left out by a
    /// selection: it is recognised, and not to be shown.
    #[schemars(with = "Vec<ArtifactType>")]
    pub types: Vec<Value>,
}

/// A media type and what to show for it: the form of 2019.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediaTypeMapping {
    /// The media type.
    pub media_type: String,
    /// Name to show.
    pub title: String,
    /// One line that says what it is.
    pub description: String,
    /// Picture of the type as SVG: a path relative to this file, absolute when the file was built for an address.
    #[serde(rename = "icon.svg")]
    pub icon_svg: String,
    /// The same picture as PNG with 128 by 128 pixels. With 16, 32 or 50 in the place of 128, the path of a smaller one.
    #[serde(rename = "icon.png")]
    pub icon_png: String,
    /// Page to read on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub more_info: Option<String>,
    /// Tools and where to get them.
    pub tools: Vec<MappedTool>,
    /// JSON Schema of the config blob: a path relative to this file, absolute when the file was built for an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub schema_validation: Option<String>,
    /// Id of the type; of a media type that several types share, that of the base type.
    #[serde(rename = "type")]
    pub type_id: String,
}

/// A tool and where to get it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MappedTool {
    /// Name to show.
    pub title: String,
    /// Page that says how to install it.
    pub installer: String,
}

/// A rule of identification.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappedRule {
    /// `<type id>/<n>`.
    pub id: String,
    /// Id of the type that it shows.
    #[serde(rename = "type")]
    pub type_id: String,
    /// `exact`, or `family` when it shows only the common parent of several types.
    pub certainty: Certainty,
    /// What the consumer must have besides the document; without it the rule does not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// The base types whose refinement it shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refines: Vec<String>,
    /// What must hold of the document.
    pub when: Predicate,
}

/// A facet's rule.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MappedFacet {
    /// `<facet id>/<n>`.
    pub id: String,
    /// Id of the facet.
    pub facet: String,
    /// What must hold of the document.
    pub when: Predicate,
}

/// A sub-type's rule.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct MappedSubtype {
    /// Id of the type that has it.
    #[serde(rename = "type")]
    pub type_id: String,
    /// Its name within the type.
    pub subtype: String,
    /// What must hold of the document.
    pub when: Predicate,
}

impl MediaTypeMappings {
    /// The mapping of a catalog. With a base address the paths in it are absolute.
    ///
    /// # Errors
    ///
    /// When an entry can not be written as JSON, which is a mistake of ours.
    pub fn new(catalog: &Catalog, base_url: Option<&str>) -> Result<Self, serde_json::Error> {
        Self::of(&Chosen::all(catalog), base_url)
    }

    /// The mapping of what was chosen of a catalog. The rules are those of the whole catalog: a type that was left
    /// out is still told from the others.
    ///
    /// # Errors
    ///
    /// When an entry can not be written as JSON, which is a mistake of ours.
    pub fn of(chosen: &Chosen<'_>, base_url: Option<&str>) -> Result<Self, serde_json::Error> {
        let catalog = &*chosen.catalog;
        let rules = &catalog.rules;
        let mut mapping = Self {
            schema_version: SCHEMA_VERSION,
            catalog_version: version(catalog),
            digest: String::new(),
            media_types: media_types(chosen, base_url),
            placeholders: placeholders(),
            rules: rules.rules.iter().map(MappedRule::new).collect(),
            facets: rules.facets.iter().map(MappedFacet::new).collect(),
            subtypes: rules.subtypes.iter().map(MappedSubtype::new).collect(),
            types: chosen.entries().map(serde_json::to_value).collect::<Result<_, _>>()?,
        };
        mapping.digest = sha256(mapping.to_json()?.as_bytes());
        Ok(mapping)
    }

    /// Its rules, as the engine takes them.
    #[must_use]
    pub fn rule_set(&self) -> RuleSet {
        let rule = |rule: &MappedRule| OrderedRule {
            id: rule.id.clone(),
            type_id: rule.type_id.clone(),
            certainty: rule.certainty,
            needs: rule.needs.clone(),
            refines: rule.refines.clone(),
            class: class(&rule.when),
            when: rule.when.clone(),
        };
        let facet =
            |rule: &MappedFacet| FacetRule { id: rule.id.clone(), facet: rule.facet.clone(), when: rule.when.clone() };
        let subtype = |rule: &MappedSubtype| SubtypeRule {
            type_id: rule.type_id.clone(),
            subtype: rule.subtype.clone(),
            when: rule.when.clone(),
        };
        RuleSet {
            rules: self.rules.iter().map(rule).collect(),
            facets: self.facets.iter().map(facet).collect(),
            subtypes: self.subtypes.iter().map(subtype).collect(),
            families: BTreeMap::new(),
        }
    }

    /// The file's text: pretty, keys in the order of this form, a final line feed, and nothing that a page could take
    /// for markup.
    ///
    /// # Errors
    ///
    /// When it can not be written as JSON, which is a mistake of ours.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(inert(serde_json::to_string_pretty(self)? + "\n"))
    }
}

impl MappedRule {
    fn new(rule: &OrderedRule) -> Self {
        Self {
            id: rule.id.clone(),
            type_id: rule.type_id.clone(),
            certainty: rule.certainty,
            needs: rule.needs.clone(),
            refines: rule.refines.clone(),
            when: rule.when.clone(),
        }
    }
}

impl MappedFacet {
    fn new(rule: &FacetRule) -> Self {
        Self { id: rule.id.clone(), facet: rule.facet.clone(), when: rule.when.clone() }
    }
}

impl MappedSubtype {
    fn new(rule: &SubtypeRule) -> Self {
        Self { type_id: rule.type_id.clone(), subtype: rule.subtype.clone(), when: rule.when.clone() }
    }
}

/// Largest number of entries of which the mapping is made in memory.
const WHOLE: usize = 1_000;

/// Writes the mapping of what was chosen of a catalog: the text of [`MediaTypeMappings::to_json`]. That of a large
/// catalog is never in memory: it is made twice, entry by entry, first for the digest.
///
/// # Errors
///
/// When the writer fails; or when an entry can not be written as JSON, which is a mistake of ours.
pub fn write(chosen: &Chosen<'_>, base_url: Option<&str>, writer: &mut dyn io::Write) -> io::Result<()> {
    let rules = &chosen.catalog.rules;
    let mut mapping = Written {
        schema_version: SCHEMA_VERSION,
        catalog_version: version(&chosen.catalog),
        digest: String::new(),
        media_types: media_types(chosen, base_url),
        placeholders: placeholders(),
        rules: OneByOne(|| rules.rules.iter().map(MappedRule::new)),
        facets: OneByOne(|| rules.facets.iter().map(MappedFacet::new)),
        subtypes: OneByOne(|| rules.subtypes.iter().map(MappedSubtype::new)),
        types: OneByOne(|| chosen.entries().map(Sorted)),
    };
    if chosen.catalog.entries.len() <= WHOLE {
        return write_whole(&mapping, writer);
    }
    let mut hashed = io::BufWriter::new(Hashed(Hasher::new(Algorithm::Sha256)));
    write_pretty(&mapping, &mut hashed)?;
    mapping.digest = hashed.into_inner().map_err(io::IntoInnerError::into_error)?.0.finish();
    write_pretty(&mapping, writer)
}

/// Writes a mapping that has no digest yet, and the digest in its place.
fn write_whole(mapping: &impl Serialize, writer: &mut dyn io::Write) -> io::Result<()> {
    const DIGEST: &str = "\n  \"digest\": \"";
    let text = inert(serde_json::to_string_pretty(mapping)? + "\n");
    // The first one is that of the file: within strings quotation marks are escaped.
    let (before, after) = text.split_at(text.find(DIGEST).map_or(0, |at| at + DIGEST.len()));
    for part in [before, &sha256(text.as_bytes()), after] {
        writer.write_all(part.as_bytes())?;
    }
    Ok(())
}

/// Writes a value as files hold it: pretty, with a final line feed, and nothing that a page could take for markup.
fn write_pretty(value: &impl Serialize, writer: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = Inert(writer);
    serde_json::to_writer_pretty(&mut writer, value)?;
    writer.write_all(b"\n")
}

/// Hashes what is written.
struct Hashed(Hasher);

impl io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The mapping as it is written; the same members as [`MediaTypeMappings`] in the same order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<R, F, S, T> {
    schema_version: u32,
    catalog_version: String,
    digest: String,
    media_types: Vec<MediaTypeMapping>,
    placeholders: Vec<String>,
    rules: R,
    facets: F,
    subtypes: S,
    types: T,
}

/// A list whose elements are made when they are written.
pub(crate) struct OneByOne<F>(pub(crate) F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for OneByOne<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// An entry with its keys sorted, as a value has them.
struct Sorted<'a>(&'a ArtifactType);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::to_value(self.0).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

/// JSON in which no string can be taken for markup or for a line end of a script.
#[must_use]
pub fn inert(json: String) -> String {
    let odd = |c: char| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
    if !json.contains(odd) {
        return json;
    }
    let mut text = String::with_capacity(json.len() + 64);
    let mut rest = json.as_str();
    while let Some(at) = rest.find(odd) {
        text.push_str(&rest[..at]);
        let mut odd = rest[at..].chars();
        // Writing into a string does not fail.
        let _ = write!(text, "\\u{:04x}", odd.next().map_or(0, u32::from));
        rest = odd.as_str();
    }
    text.push_str(rest);
    text
}

/// Writes JSON as [`inert`] makes it. What is written at a time must be whole characters, as `serde_json` writes.
pub(crate) struct Inert<'w>(pub(crate) &'w mut dyn io::Write);

impl io::Write for Inert<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Of all that is odd, these are the first bytes.
        if bytes.iter().any(|byte| matches!(byte, b'<' | b'>' | b'&' | 0xE2)) {
            let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
            self.0.write_all(inert(text.to_owned()).as_bytes())?;
        } else {
            self.0.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The day of the newest change, as `year.month.day`; it only rises.
#[must_use]
pub fn version(catalog: &Catalog) -> String {
    let newest = catalog.entries.iter().flat_map(|entry| &entry.changes).map(|change| change.date.as_str()).max();
    newest.unwrap_or("0000-00-00").replace('-', ".")
}

/// Media types that say nothing. A mapping without the member is older than it: these counted then, too.
fn placeholders() -> Vec<String> {
    saying_nothing().into_iter().map(str::to_owned).collect()
}

/// The list of 2019: each media type that identifies a type, sorted.
#[must_use]
pub fn media_types(chosen: &Chosen<'_>, base_url: Option<&str>) -> Vec<MediaTypeMapping> {
    let at = |path: String| match base_url {
        Some(base) => format!("{}/{path}", base.trim_end_matches('/')),
        None => path,
    };
    let catalog = &*chosen.catalog;
    let last: BTreeMap<&str, usize> =
        catalog.rules.rules.iter().enumerate().map(|(at, rule)| (rule.type_id.as_str(), at)).collect();
    identifying(&catalog.rules)
        .into_iter()
        .filter_map(|(media_type, types)| {
            // Without its base type, a shared media type would get the name of a type that only borrows it.
            let entry = catalog.get(base(catalog, &last, &types).filter(|id| chosen.has(id))?)?;
            Some(MediaTypeMapping {
                media_type: media_type.to_owned(),
                title: entry.title.clone(),
                description: entry.summary.clone(),
                icon_png: match chosen.picture(&entry.id) {
                    Some(picture) => picture.png.clone(),
                    None => at(png_path(&icon_path(catalog, entry), SIDES[SIDES.len() - 1])),
                },
                icon_svg: match chosen.picture(&entry.id) {
                    Some(picture) => picture.svg.clone(),
                    None => at(icon_path(catalog, entry)),
                },
                more_info: entry.links.documentation.clone().or_else(|| entry.links.home.clone()),
                tools: entry
                    .tools
                    .iter()
                    .map(|tool| MappedTool {
                        title: tool.title.clone(),
                        installer: tool.install.clone().unwrap_or_else(|| tool.home.clone()),
                    })
                    .collect(),
                schema_validation: catalog
                    .file(&entry.id, "config.schema.json")
                    .map(|_| at(config_schema_path(&entry.id))),
                type_id: entry.id.clone(),
            })
        })
        .collect()
}

/// Path of a type's picture below the site's root: its own, or the glyph of its main role.
#[must_use]
pub fn icon_path(catalog: &Catalog, entry: &ArtifactType) -> String {
    if catalog.file(&entry.id, "icon.svg").is_some() {
        return format!("icons/{}.svg", entry.id);
    }
    let role = entry.roles.first().and_then(|role| serde_json::to_value(role).ok());
    let role = role.as_ref().and_then(Value::as_str).unwrap_or("generic");
    format!("icons/roles/{role}.svg")
}

/// Path of the schema of a type's config blob below the site's root.
#[must_use]
pub fn config_schema_path(id: &str) -> String {
    format!("schemas/config/{id}.schema.json")
}

/// Media types by which rules recognise types, each with the types; sorted.
fn identifying(rules: &RuleSet) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in &rules.rules {
        collect(&rule.when, None, &mut |media_type| {
            found.entry(media_type).or_default().insert(&rule.type_id);
        });
    }
    found
}

fn collect<'a>(predicate: &'a Predicate, list: Option<List>, found: &mut impl FnMut(&'a str)) {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| collect(part, list, found)),
        Predicate::Not(_) | Predicate::Each(Each { list: List::Children, .. }) => {}
        Predicate::Each(each) => collect(&each.predicate, Some(each.list), found),
        Predicate::Test(test) => {
            let media_type = matches!(test.field, Field::ArtifactType)
                || matches!(
                    (list, test.field),
                    (Some(_), Field::MediaType)
                        | (
                            None,
                            Field::ConfigMediaType | Field::PlaceholderArtifactType | Field::PlaceholderConfigMediaType
                        )
                );
            let values = match &test.condition {
                Condition::Equals(value) if media_type => std::slice::from_ref(value),
                Condition::OneOf(values) if media_type => values,
                _ => return,
            };
            for value in values {
                if let Scalar::Text(text) = value {
                    found(text);
                }
            }
        }
    }
}

/// Of the types that share a media type, the one that the others are kinds or refinements of.
/// `last` has the position of each type's last rule.
fn base<'a>(catalog: &'a Catalog, last: &BTreeMap<&str, usize>, types: &BTreeSet<&'a str>) -> Option<&'a str> {
    if types.len() == 1 {
        return types.first().copied();
    }
    let rank = |id: &&'a str| {
        let id = *id;
        let above = types.iter().filter(|other| descends(catalog, other, id)).count();
        // Then the type whose rule is asked last: what is more general comes later.
        (above, last.get(id), std::cmp::Reverse(id))
    };
    types.iter().copied().max_by_key(rank)
}

/// Whether a type is a kind or refinement of another, at any distance.
fn descends(catalog: &Catalog, id: &str, ancestor: &str) -> bool {
    let mut at = catalog.get(id);
    for _ in 0..16 {
        let Some(entry) = at else { return false };
        let refines = entry.identify.iter().flat_map(|identify| &identify.refines).map(String::as_str);
        let mut parents = entry.is_a.as_deref().into_iter().chain(refines).peekable();
        let next = parents.peek().copied();
        if parents.any(|parent| parent == ancestor) {
            return true;
        }
        at = next.and_then(|parent| catalog.get(parent));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;

    #[test]
    fn what_is_written_entry_by_entry_is_the_mapping() {
        let many = (0..=WHOLE).map(|n| ArtifactType { id: format!("t{n}"), ..ArtifactType::default() });
        let many = Catalog::new(many.collect(), BTreeMap::new());
        for catalog in [embedded::catalog(), Catalog::default(), many] {
            let chosen = Chosen::all(&catalog);
            for base in [None, Some("https://example.com/x/")] {
                let mut written = Vec::new();
                write(&chosen, base, &mut written).unwrap();
                assert!(written == MediaTypeMappings::of(&chosen, base).unwrap().to_json().unwrap().into_bytes());
            }
        }
    }

    #[test]
    fn nothing_in_json_is_taken_for_markup() {
        assert_eq!(inert("<a&\u{2028}é\u{2029}>".to_owned()), "\\u003ca\\u0026\\u2028é\\u2029\\u003e");
        assert_eq!(inert("é".to_owned()), "é");
        let mut written = Vec::new();
        Inert(&mut written).write_all("a<é\u{2028}\u{20ac}".as_bytes()).unwrap();
        assert_eq!(written, "a\\u003cé\\u2028\u{20ac}".as_bytes());
    }
}
