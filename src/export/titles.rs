//! Media types with what to call them.

use std::collections::BTreeMap;

use super::{Content, Exported, Order, declare_export};
use crate::mapping;

declare_export! {
    /// One JSON object from media type to title, for a user interface that knows nothing of types yet.
    ///
    /// ## How to use it
    /// Look up the `artifactType` of a manifest, else the media type of its config, and show the title. It is the form
    /// in which Azure Container Registry once published such a list.
    ///
    /// ```console
    /// $ oat export titles --out titles.json
    /// ```
    ///
    /// ## Traps
    /// A media type alone does not say what a manifest is: many types borrow the config of container images, and then the
    /// title is that of the image. What is told by layers or annotations has no media type of its own and is not in the
    /// list. Use [the mapping](../../downloads/index.html), whose rules see both, when you can.
    ///
    /// ## Source
    /// [docs/artifact-media-types.json, Azure/acr pull request 218](https://github.com/Azure/acr/pull/218)
    pub static TITLES = { id: "titles", title: "Titles of media types", versions: [], standing: Live, make: make }
}

fn make<'a>(order: &'a Order<'a>) -> Result<Exported<'a>, serde_json::Error> {
    let media_types = mapping::media_types(order.chosen, None);
    let titles: BTreeMap<String, String> = media_types.into_iter().map(|one| (one.media_type, one.title)).collect();
    Ok(Exported::file("titles.json", Content::json(titles)))
}
