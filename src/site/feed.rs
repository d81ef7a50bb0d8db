//! The feed of changes (Atom, RFC 4287) and the site map; both need the address of the site.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Error, Output, Site, glyphs, paths, redirects};
use crate::catalog::model::{ArtifactType, Change};

/// Most entries of the feed: readers keep what they have seen.
const MAX_FEED: usize = 200;
/// Most characters of a change in the title of its entry; the whole stands in the summary.
const MAX_TITLE: usize = 120;
/// Most addresses in one file of a site map (sitemaps.org).
const MAX_SITE_MAP: usize = 50_000;

/// A change of an entry, with its number: 1 is the oldest, so that the number stays when changes are added.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated<'a> {
    /// The entry.
    pub(super) entry: &'a ArtifactType,
    /// The change.
    pub(super) change: &'a Change,
    /// Its number within the entry.
    pub(super) number: usize,
}

/// The changes of all entries, the newest first.
pub(super) fn changes<'a>(entries: &'a [ArtifactType]) -> Vec<Dated<'a>> {
    let of = |entry: &'a ArtifactType| {
        entry.changes.iter().rev().enumerate().map(move |(at, change)| Dated { entry, change, number: at + 1 })
    };
    let mut all: Vec<Dated<'_>> = entries.iter().flat_map(of).collect();
    all.sort_by(|a, b| {
        b.change
            .date
            .cmp(&a.change.date)
            .then_with(|| a.entry.id.cmp(&b.entry.id))
            .then_with(|| b.number.cmp(&a.number))
    });
    all
}

/// Writes `feed.xml` and `sitemap.xml`.
pub(super) fn write(site: &Site<'_>, base: &str, out: &Output<'_>) -> Result<(), Error> {
    out.put("feed.xml", feed(site, base).into_bytes())?;
    let redirects: BTreeSet<String> = redirects::redirects(site.catalog).into_keys().map(paths::type_page).collect();
    let lists = |path: &str| path.ends_with(".html") && path != "404.html" && !redirects.contains(path);
    let mut pages = Vec::new();
    out.below("", |path, _| pages.extend(lists(path).then(|| path.to_owned())));
    if pages.len() <= MAX_SITE_MAP {
        return out.put("sitemap.xml", site_map(base, &pages).into_bytes());
    }
    let mut index = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (at, part) in pages.chunks(MAX_SITE_MAP).enumerate() {
        let name = format!("sitemap-{}.xml", at + 1);
        // Writing into a string does not fail, here and below.
        let _ = writeln!(index, "<sitemap><loc>{}</loc></sitemap>", xml(&paths::absolute(base, &name)));
        out.put(&name, site_map(base, part).into_bytes())?;
    }
    index.push_str("</sitemapindex>\n");
    out.put("sitemap.xml", index.into_bytes())
}

/// What crawlers may visit: all. With a base it names the site map.
pub(super) fn robots(base: Option<&str>) -> String {
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    if let Some(base) = base {
        // Writing into a string does not fail.
        let _ = writeln!(text, "\nSitemap: {}", paths::absolute(base, "sitemap.xml"));
    }
    text
}

fn site_map(base: &str, pages: &[String]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages {
        let _ = writeln!(text, "<url><loc>{}</loc></url>", xml(&paths::absolute(base, page)));
    }
    text.push_str("</urlset>\n");
    text
}

fn feed(site: &Site<'_>, base: &str) -> String {
    let changes = changes(&site.catalog.entries);
    // The entries know days; the feed's form wants a time.
    let time = |date: &str| format!("{}T00:00:00Z", xml(date));
    let newest = changes.first().map_or("1970-01-01", |dated| dated.change.date.as_str());
    let home = xml(&paths::absolute(base, "index.html"));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
         <title>OCI artifact types: changes</title>\n<id>{home}</id>\n<updated>{}</updated>\n\
         <author><name>OCI artifact types</name></author>\n<link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n",
        time(newest),
        xml(&paths::absolute(base, "feed.xml")),
    );
    for dated in changes.into_iter().take(MAX_FEED) {
        let page = xml(&paths::absolute(base, &paths::type_page(&dated.entry.id)));
        let link = format!("{page}#change-{}", dated.number);
        let date = time(&dated.change.date);
        // A reader can choose by what the types are for.
        let roles = dated.entry.roles.iter().copied().map(glyphs::facts);
        let category =
            |role: glyphs::RoleFacts| format!("<category term=\"{}\" label=\"{}\"/>\n", role.name, xml(role.title));
        let roles: String = roles.map(category).collect();
        let _ = write!(
            text,
            "<entry>\n<title>{}</title>\n<id>{link}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/>\n\
             <published>{date}</published>\n<updated>{date}</updated>\n{roles}<summary>{}</summary>\n</entry>\n",
            xml(&format!("{}: {}", dated.entry.title, cut(&dated.change.change))),
            xml(&format!("{} {}", dated.change.change, dated.entry.summary)),
        );
    }
    text.push_str("</feed>\n");
    text
}

/// A change for a title: at most so much, up to the end of a word.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_TITLE) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}\u{2026}", text[..end].rsplit_once(' ').map_or(&text[..end], |(whole, _)| whole)),
    }
}

/// Text for XML 1.0: what it can not hold is left out, what it takes for markup is escaped.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}' => escaped.push(c),
            _ => {}
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_changes_are_cut_for_titles() {
        assert_eq!(cut("Added."), "Added.");
        assert_eq!(cut(&"ab ".repeat(50)), format!("{}\u{2026}", "ab ".repeat(40).trim_end()));
        assert_eq!(cut(&"\u{e9}".repeat(121)), format!("{}\u{2026}", "\u{e9}".repeat(120)));
    }

    #[test]
    fn text_for_xml_is_escaped_and_clean() {
        assert_eq!(xml("a<b>&\"'\u{0}\u{1b}\u{ffff}é"), "a&lt;b&gt;&amp;&quot;&#39;é");
    }
}
