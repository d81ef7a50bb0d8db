//! A listing of a registry as a table, in a page of the site or as a page of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::glyphs;
use super::html::SafeHtml;
use super::pages::pieces;
use crate::catalog::command::Token;
use crate::catalog::model::Role;
use crate::catalog::{ArtifactType, Catalog};
use crate::listing::{self, What};
use crate::oci::hash::sha256;
use crate::source::text::bytes;

/// The style of the site.
const STYLE: &str = include_str!("../../site-templates/static/style.css");

/// How an entry is shown where the table stands.
#[derive(Debug, Clone)]
pub(super) struct Dress {
    /// Short name.
    pub(super) label: String,
    /// Where its page is.
    pub(super) link: Option<String>,
    /// Its picture.
    pub(super) icon: Icon,
}

/// A picture.
#[derive(Debug, Clone)]
pub(super) enum Icon {
    /// A file, by its address from the page.
    File(String),
    /// A class of the page's own style.
    Class(String),
}

/// A row of the table: what the listing says, and how it is shown.
#[derive(Debug)]
struct Row<'r, 'a> {
    listed: &'r listing::Row<'a>,
    number: usize,
    icon: Icon,
    entry: Option<Dress>,
    members: Vec<Dress>,
    facets: Vec<Dress>,
    attached: Vec<(usize, &'a str)>,
    /// Platforms in words, the first few.
    platforms: String,
}

/// Most platforms that are named.
const SHOWN_PLATFORMS: usize = 4;

impl Row<'_, '_> {
    /// The pieces of what is shown of the reference, between which a line may break.
    fn pieces(&self) -> Vec<&str> {
        pieces(&self.listed.shown)
    }

    /// The size in words.
    fn size(&self) -> String {
        self.listed.bytes.map(bytes).unwrap_or_default()
    }

    /// Class of how deep it stands; deeper than three looks like three.
    fn depth_class(&self) -> &'static str {
        ["", "below", "below below-2", "below below-3"][self.listed.depth.min(3)]
    }

    /// The page of the type, at one of its commands.
    fn command_page(&self, number: impl std::fmt::Display) -> Option<String> {
        let link = self.entry.as_ref()?.link.as_ref()?;
        Some(format!("{link}#action-{number}"))
    }
}

/// The table.
#[derive(Template)]
#[template(path = "parts/registry.html")]
struct Table<'r, 'a> {
    rows: Vec<Row<'r, 'a>>,
}

/// The table of rows. `dress` says how an entry, or what is unknown, is shown.
pub(super) fn table(
    rows: &[listing::Row<'_>],
    dress: impl Fn(Option<&ArtifactType>) -> Dress,
) -> Result<SafeHtml, askama::Error> {
    let label = |at: &usize| (*at + 1, rows[*at].entry.map_or("unknown", |entry| entry.label.as_str()));
    let dressed = rows.iter().enumerate().map(|(at, row)| Row {
        listed: row,
        number: at + 1,
        icon: dress(row.entry).icon,
        entry: row.entry.map(|entry| dress(Some(entry))),
        members: row.members.iter().flatten().map(|entry| dress(Some(entry))).collect(),
        facets: row.facets.iter().map(|entry| dress(Some(entry))).collect(),
        attached: row.attached.iter().map(label).collect(),
        platforms: platforms(&row.platforms),
    });
    SafeHtml::render(&Table { rows: dressed.collect() })
}

fn platforms(all: &[String]) -> String {
    let shown = all[..all.len().min(SHOWN_PLATFORMS)].join(", ");
    if all.len() > SHOWN_PLATFORMS { format!("{shown} and {} more", all.len() - SHOWN_PLATFORMS) } else { shown }
}

/// A page of its own: everything that it shows is in it.
#[derive(Template)]
#[template(path = "pages/listed.html")]
struct Page<'p> {
    title: &'p str,
    style_html: SafeHtml,
    /// Digest of the style, by which the page's own policy lets it in.
    style_digest: String,
    references: usize,
    types: usize,
    table_html: SafeHtml,
}

/// A listing as one HTML file without scripts and without anything to fetch. Types link to the site at `base`.
///
/// # Errors
///
/// When a template can not be rendered, which is a mistake of ours.
pub fn page(
    catalog: &Catalog,
    rows: &[listing::Row<'_>],
    title: &str,
    base: Option<&str>,
) -> Result<String, askama::Error> {
    let base = base.map(|base| base.trim_end_matches('/'));
    let mut pictures = BTreeMap::new();
    for row in rows {
        let (name, svg) = picture(catalog, row.entry);
        pictures.insert(name, svg);
    }
    let mut style = STYLE.to_owned();
    for (name, svg) in &pictures {
        let data = STANDARD.encode(svg);
        let _ = writeln!(style, ".icon.{name} {{ background-image: url(\"data:image/svg+xml;base64,{data}\"); }}");
    }
    let dress = |entry: Option<&ArtifactType>| Dress {
        label: entry.map_or("Unknown", |entry| entry.label.as_str()).to_owned(),
        link: entry.zip(base).map(|(entry, base)| format!("{base}/types/{}/index.html", entry.id)),
        icon: Icon::Class(picture(catalog, entry).0),
    };
    let types: BTreeSet<&str> = rows.iter().filter_map(listing::Row::type_id).collect();
    let page = Page {
        title,
        style_digest: policy_digest(&style),
        style_html: SafeHtml::ours(style),
        references: rows.len(),
        types: types.len(),
        table_html: table(rows, dress)?,
    };
    page.render()
}

/// The picture of an entry, or of what is unknown, with the name of its class.
fn picture<'a>(catalog: &'a Catalog, entry: Option<&ArtifactType>) -> (String, &'a str) {
    let own = entry.and_then(|entry| Some((entry, catalog.file(&entry.id, "icon.svg")?)));
    if let Some((entry, svg)) = own {
        return (format!("type-{}", entry.id), svg);
    }
    let role = entry.and_then(|entry| entry.roles.first()).copied().unwrap_or(Role::Generic);
    let facts = glyphs::facts(role);
    (format!("role-{}", facts.name), facts.svg)
}

/// How a policy names a style by its content ([CSP, hash-source](https://www.w3.org/TR/CSP3/#framework-directive-source-list)).
fn policy_digest(style: &str) -> String {
    let digest = sha256(style.as_bytes());
    let digits = digest.trim_start_matches("sha256:").as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap_or_default(), 16).unwrap_or_default();
    format!("sha256-{}", STANDARD.encode(digits.chunks(2).map(byte).collect::<Vec<u8>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::{Context, Facts, first_match};
    use crate::listing::{Found, Relation, rows};

    fn html(found: &[Found<'_>]) -> String {
        let catalog = crate::catalog::embedded::catalog();
        let decide = |facts: &Facts<'_>, context: &Context<'_>| first_match(&catalog.rules.rules, facts, context);
        page(
            &catalog,
            &rows(&catalog.rules, |id| catalog.get(id), found, decide),
            "Listed <b>",
            Some("https://example.com/"),
        )
        .unwrap()
    }

    fn found(reference: &str, document: &'static str, under: Option<(usize, Relation)>) -> Found<'static> {
        let digest = sha256(document.as_bytes());
        let reference = reference.to_owned();
        Found { reference, digest, document: Ok(document.into()), config: None, under, incomplete: None }
    }

    const CHART: &str = r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:a","size":100},"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:b","size":900000}]}"#;

    #[test]
    fn a_page_holds_all_that_it_shows() {
        let html = html(&[found("example.com:5000/charts/web:1.2", CHART, None)]);
        for wanted in [
            "helm pull oci://example.com:5000/charts/web --version 1.2",
            "href=\"https://example.com/types/helm-chart/index.html\"",
            "900.3 kB",
            "<var>{release}</var>",
            "Listed &#60;b&#62;",
            "url(\"data:image/svg+xml;base64,",
        ] {
            assert!(html.contains(wanted), "{wanted} in {html}");
        }
        for outside in ["<script", "<link", "<img", "src="] {
            assert!(!html.contains(outside), "{outside} in {html}");
        }
        let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert!(html.contains(&format!("style-src '{}'", policy_digest(style))), "the policy lets the style in");
    }

    #[test]
    fn digests_of_policies_are_base64() {
        // Of the empty text, as any tool gives it.
        assert_eq!(policy_digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn what_is_found_may_be_hostile() {
        let hostile =
            r#"{"artifactType":"a/<script>alert(1)</script>","schemaVersion":2,"config":{"mediaType":"a/b"}}"#;
        let above = Relation::Child(r#"{"size":5,"platform":{"os":"<b>","architecture":"\"'>"}}"#.to_owned());
        let html = html(&[
            found("example.com/$(reboot);\"><img src=x>:`x`", CHART, None),
            found("-x \u{e9}:\u{202e}", hostile, None),
            found("", "[", Some((0, above))),
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
