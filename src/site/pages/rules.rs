//! The rules of the linter; the page of each is its doc comment.

use std::collections::BTreeMap;

use askama::Template;

use super::super::html::{Https, SafeHtml};
use super::super::layout::{Layout, Section};
use super::super::markdown::{self, Policy};
use super::super::{Error, Output, Site, paths, words};
use super::{frame, put};
use crate::finding::{Rule, Subject};
use crate::oci::Spec;
use crate::parallel::Work;
use crate::rules;

#[derive(Template)]
#[template(path = "pages/rules.html")]
struct RulesPage {
    layout: Layout,
    groups: [Group; 6],
}

/// The rules about one subject.
struct Group {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    rules: Vec<&'static Rule>,
}

#[derive(Template)]
#[template(path = "pages/rule.html")]
struct RulePage<'a> {
    layout: Layout,
    rule: &'static Rule,
    summary: &'static str,
    level: &'static str,
    level_about: &'static str,
    subject: &'static str,
    docs_html: SafeHtml,
    /// From which release of the specifications on it speaks.
    release: Option<String>,
    source: Option<Https<'a>>,
    previous: Option<&'static str>,
    next: Option<&'static str>,
}

/// Spellings by which a rule names a page, each with the address of that page.
pub(super) type Links = BTreeMap<String, String>;

/// A rule may name another one as `other-rule` or as the address of its page.
pub(super) fn links() -> Links {
    let mut pages = super::site_pages();
    for rule in rules::all() {
        let target = format!("../{}/index.html", rule.id);
        for spelling in [rule.id.to_owned(), format!("../{}/", rule.id), format!("../{}", rule.id), rule.page()] {
            pages.insert(spelling, target.clone());
        }
        pages.insert(target.clone(), target);
    }
    pages
}

/// Writes the list of the rules, and the page of each.
pub(super) fn plan<'w>(site: &'w Site<'_>, links: &'w Links, out: &'w Output<'_>, work: &mut Work<'w, Error>) {
    let all = rules::all();
    work.one(|| write(site, out));
    work.each(all.len(), move |at| write_one(site, &all, at, links, out));
}

fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let all = rules::all();
    let path = "rules/index.html";
    let layout = frame(
        site,
        path,
        Section::Rules,
        "Rules",
        "What the linter looks for in entries of the catalog and in manifests.",
    );
    let of = |subject| all.iter().copied().filter(|rule| rule.subject == subject).collect();
    let groups = [
        Group {
            id: "manifests",
            title: "Manifests, indexes and other documents of a registry",
            about: "Told for every document that the linter is given, whatever its type.",
            rules: of(Subject::Manifest),
        },
        Group {
            id: "configs",
            title: "Configs of images",
            about: "Told for the config blob of an image, where it is at hand: in a layout, or with --config.",
            rules: of(Subject::Config),
        },
        Group {
            id: "layouts",
            title: "Image layouts, archives and their blobs",
            about: "Told for folders and tar archives in the form of an OCI image layout, and for archives of docker save.",
            rules: of(Subject::Layout),
        },
        Group {
            id: "catalog",
            title: "Entries and the catalog",
            about: "Told for entries, that is for types/ID/type.yaml and the files beside it.",
            rules: of(Subject::Catalog),
        },
        Group {
            id: "selections",
            title: "Selections",
            about: "Told for a selection.yaml, by oat lint and by every command that is given one.",
            rules: of(Subject::Selection),
        },
        Group {
            id: "registries",
            title: "The table of registries",
            about: "Told for src/export/registries, from which oat portability answers.",
            rules: of(Subject::Registry),
        },
    ];
    put(out, path, &RulesPage { layout, groups })
}

/// The page of a rule.
fn write_one(site: &Site<'_>, all: &[&'static Rule], at: usize, links: &Links, out: &Output<'_>) -> Result<(), Error> {
    let rule = all[at];
    let path = paths::rule_page(rule.id);
    let docs = words::unindented(rule.docs);
    let body = docs.split_once('\n').map_or("", |(_, body)| body);
    let policy = Policy { shift: 0, anchors: true, fragments: &[], pages: Some(links) };
    let page = RulePage {
        layout: frame(site, &path, Section::Rules, rule.id, rule.summary()),
        rule,
        summary: rule.summary(),
        level: rule.level.name(),
        level_about: match rule.level {
            crate::finding::Level::Error => "against a requirement; the run fails",
            crate::finding::Level::Warning => "against a recommendation, or likely a mistake",
            crate::finding::Level::Info => "worth knowing",
        },
        subject: rule.subject.documents(),
        release: release(rule),
        docs_html: markdown::render(body, policy),
        source: Https::new(format!(
            "{}/blob/v{}/{}#L{}",
            env!("CARGO_PKG_REPOSITORY"),
            env!("CARGO_PKG_VERSION"),
            rule.source_file.replace('\\', "/"),
            rule.source_line
        )),
        previous: at.checked_sub(1).and_then(|at| all.get(at)).map(|rule| rule.id),
        next: all.get(at + 1).map(|rule| rule.id),
    };
    put(out, &path, &page)
}

/// From which release of the specifications on a rule speaks; nothing for those that always do.
fn release(rule: &Rule) -> Option<String> {
    let from = match rule.spec {
        Spec::V1_0 => return None,
        Spec::V1_1 => "from release 1.1 on".to_owned(),
        Spec::Main => "not yet released, --spec main".to_owned(),
    };
    Some(match rule.earlier {
        Some(level) => format!("{from}; for earlier ones it is at level {level}"),
        None => from,
    })
}
