//! How well an entry is proved, what would prove it better, and where to change it.

use super::super::super::html::Https;
use super::super::super::{Site, paths, words};
use super::super::MediaTypeRef;
use crate::catalog::ArtifactType;
use crate::catalog::claims::claims;
use crate::catalog::model::Tier;

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The part of the section that is the same for every entry but for its id.
pub(super) struct Standing<'a> {
    /// The next tier and what it asks for.
    pub(super) next: Option<(&'static str, &'static str)>,
    /// Media types that no source names yet; told where the next tier asks for them.
    pub(super) unproved: Vec<MediaTypeRef<'a>>,
    /// Where the tiers are explained.
    pub(super) tiers: Option<Https<'a>>,
    /// Where the entry is edited.
    pub(super) edit: Option<Https<'a>>,
    /// Where a wrong answer is reported.
    pub(super) wrong_answer: Option<Https<'a>>,
    /// Where another mistake is reported.
    pub(super) mistake: Option<Https<'a>>,
}

pub(super) fn view<'a>(site: &Site<'a>, entry: &'a ArtifactType, root: &str) -> Standing<'a> {
    let id = paths::url(&entry.id);
    let address = |path: String| Https::new(format!("{REPOSITORY}/{path}"));
    let mut unproved = Vec::new();
    if entry.tier == Tier::Listed {
        unproved.extend(claims(entry).into_iter().map(|(media_type, _)| media_type));
        unproved.retain(|media_type| {
            !entry.sources.iter().any(|proof| proof.media_types.iter().any(|proved| proved == media_type))
        });
        unproved.sort_unstable();
        unproved.dedup();
    }
    Standing {
        next: words::next_tier(entry.tier),
        unproved: unproved.into_iter().map(|media_type| MediaTypeRef::new(site, root, media_type)).collect(),
        tiers: address("blob/main/.github/CONTRIBUTING.md#tiers".to_owned()),
        edit: address(format!("edit/main/types/{id}/type.yaml")),
        wrong_answer: address(format!("issues/new?template=wrong-identification.yml&expected={id}")),
        mistake: address(format!("issues/new?template=bug.yml&title={id}")),
    }
}
