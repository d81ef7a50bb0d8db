//! Where pages live, and how they link to each other: relative, naming `index.html`, so that a folder opened from
//! a disk and a site under a sub-path both work.

use crate::oci::media_type::MediaType;
pub(super) use crate::oci::url::path as url;

/// Page of a type or facet.
pub(super) fn type_page(id: &str) -> String {
    format!("types/{id}/index.html")
}

/// Machine-readable entry of a type or facet.
pub(super) fn type_api(id: &str) -> String {
    format!("api/types/{id}.json")
}

/// Page of a media type. Its two names hold no slash, and begin with a letter or digit, so that no path can leave
/// its folder.
pub(super) fn media_type_page(media_type: &MediaType<'_>) -> String {
    format!("media-types/{}/{}/index.html", media_type.top_level(), media_type.subtype())
}

/// Page of a role.
pub(super) fn role_page(role: &str) -> String {
    format!("roles/{role}/index.html")
}

/// Page of a rule of the linter.
pub(super) fn rule_page(id: &str) -> String {
    format!("rules/{id}/index.html")
}

/// Page of an export.
pub(super) fn export_page(id: &str) -> String {
    format!("exports/{id}/index.html")
}

/// Whether a text is a plain file name: no folder, no hidden file.
pub(super) fn is_file_name(text: &str) -> bool {
    !text.starts_with('.')
        && !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

/// From a page to the root of the site: empty, or `../` for each folder.
pub(super) fn root(page: &str) -> String {
    "../".repeat(page.matches('/').count())
}

/// The address of a page below a base: the folder stands for its `index.html`.
pub(super) fn absolute(base: &str, page: &str) -> String {
    let page =
        page.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or(page);
    format!("{base}/{}", url(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_their_folder_and_addresses_are_encoded() {
        let odd = MediaType::parse("application/vnd.a#b^c+json").unwrap();
        assert_eq!(url(&media_type_page(&odd)), "media-types/application/vnd.a%23b%5Ec+json/index.html");
        assert_eq!(root("index.html"), "");
        assert_eq!(root("media-types/a/b/index.html"), "../../../");
        assert_eq!(absolute("https://example.com/x", "types/a/index.html"), "https://example.com/x/types/a/");
        assert_eq!(absolute("https://example.com", "index.html"), "https://example.com/");
        assert_eq!(absolute("https://example.com", "api/types.json"), "https://example.com/api/types.json");
        assert!(is_file_name("plain.json") && !is_file_name("..") && !is_file_name("a/b") && !is_file_name(""));
    }
}
