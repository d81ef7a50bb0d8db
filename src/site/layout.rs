//! What every page has around its content: title, navigation, address.

use super::cards::{self, Card};
use super::{glyphs, paths};

/// A part of the site that the navigation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The listing and the pages of types.
    Types,
    /// The pages of media types.
    MediaTypes,
    /// The pages of roles.
    Roles,
    /// What a pasted document is.
    Playground,
    /// The pages of rules.
    Rules,
    /// What other programs can be configured with.
    Exports,
    /// Guidance.
    Guides,
    /// Files to download.
    Downloads,
    /// What changed.
    Changes,
    /// A page that the navigation does not name.
    None,
}

/// The sections of the navigation, each with its first page.
const NAVIGATION: [(Section, &str, &str); 9] = [
    (Section::Types, "Types", "index.html"),
    (Section::MediaTypes, "Media types", "media-types/index.html"),
    (Section::Roles, "Roles", "roles/index.html"),
    (Section::Playground, "Playground", "playground/index.html"),
    (Section::Rules, "Rules", "rules/index.html"),
    (Section::Exports, "Exports", "exports/index.html"),
    (Section::Guides, "Guides", "guides/index.html"),
    (Section::Downloads, "Downloads", "downloads/index.html"),
    (Section::Changes, "Changes", "changes/index.html"),
];

/// An item of the navigation.
#[derive(Debug)]
pub(super) struct Item {
    /// What it says.
    pub(super) title: &'static str,
    /// Where it leads, from the root of the site.
    pub(super) path: &'static str,
    /// Value of `aria-current`: `page` on that page, `true` within its section.
    pub(super) current: Option<&'static str>,
}

/// The frame of one page.
#[derive(Debug)]
pub(super) struct Layout {
    /// From the page to the root of the site.
    pub(super) root: String,
    /// Title of the page, without the name of the site.
    pub(super) title: String,
    /// One line for search engines and previews.
    pub(super) description: String,
    /// Address of the page, when the site has one.
    pub(super) canonical: Option<String>,
    /// Picture for previews of links.
    pub(super) card: Card,
    /// Address of the site, when it has one.
    base: Option<String>,
    /// Address of the feed, when there is one.
    pub(super) feed: Option<String>,
    /// Address of the description of the search for browsers, when there is one.
    pub(super) search: Option<String>,
    /// The navigation.
    pub(super) navigation: Vec<Item>,
}

impl Layout {
    /// The frame of the page at a path.
    pub(super) fn new(base: Option<&str>, page: &str, section: Section, title: &str, description: &str) -> Self {
        let root = paths::root(page);
        let current = |of: Section, path: &str| match (path == page, of == section) {
            (true, _) => Some("page"),
            (false, true) => Some("true"),
            (false, false) => None,
        };
        let navigation =
            NAVIGATION.into_iter().map(|(of, title, path)| Item { title, path, current: current(of, path) });
        Self {
            title: title.to_owned(),
            description: description.to_owned(),
            canonical: base.map(|base| paths::absolute(base, page)),
            card: Card::of_site(),
            base: base.map(ToOwned::to_owned),
            feed: base.map(|_| format!("{root}feed.xml")),
            search: base.map(|_| format!("{root}{}", super::search::DESCRIPTION)),
            navigation: navigation.collect(),
            root,
        }
    }

    /// The frame with the card of a role.
    pub(super) fn with_card_of(mut self, role: Option<&glyphs::RoleFacts>) -> Self {
        if let Some(role) = role {
            self.card = Card::of_role(role);
        }
        self
    }

    /// Address of the card, when the site has one.
    pub(super) fn card_url(&self) -> Option<String> {
        self.base.as_deref().map(|base| paths::absolute(base, &self.card.path))
    }

    /// Width and height of the card.
    #[expect(clippy::unused_self, reason = "a template asks the frame")]
    pub(super) const fn card_size(&self) -> (u32, u32) {
        cards::SIZE
    }

    /// The frame of the page for what was not found. A server shows it at any address, so that relative links would
    /// lead astray: with a base they are absolute.
    pub(super) fn not_found(base: Option<&str>, page: &str, title: &str, description: &str) -> Self {
        let mut layout = Self::new(base, page, Section::None, title, description);
        layout.canonical = None;
        if let Some(base) = base {
            layout.root = format!("{base}/");
            layout.feed = Some(format!("{base}/feed.xml"));
            layout.search = Some(format!("{base}/{}", super::search::DESCRIPTION));
        }
        layout
    }

    /// Whether this is the front page, whose title is the name of the site.
    pub(super) fn is_front(&self) -> bool {
        self.root.is_empty() && self.navigation.first().is_some_and(|item| item.current == Some("page"))
    }
}
