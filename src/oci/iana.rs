//! Which media types IANA has registered: dated data, since the program never asks the network.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Names in lower case, one a line, sorted, below two lines about their source.
const NAMES: &str = include_str!("iana-media-types.txt");

/// Day of the data.
pub const AS_OF: &str = "2026-03-01";

static REGISTERED: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| NAMES.lines().filter(|line| !line.starts_with('#')).collect());

/// Whether a media type, in lower case and without parameters, was registered on the day of the data.
#[must_use]
pub fn is_registered(media_type: &str) -> bool {
    REGISTERED.contains(media_type)
}

/// Address of a registration.
#[must_use]
pub fn registration(media_type: &str) -> String {
    format!("https://www.iana.org/assignments/media-types/{media_type}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::media_type::MediaType;

    #[test]
    fn the_data_is_whole_and_says_its_day() {
        assert!(NAMES.lines().next().is_some_and(|line| line.contains(AS_OF)));
        let names: Vec<&str> = NAMES.lines().skip(2).collect();
        assert!(names.len() > 2000);
        assert!(names.is_sorted());
        for name in names {
            assert_eq!(MediaType::parse(name).map(|parsed| parsed.as_str().to_owned()).as_deref(), Ok(name));
        }
        assert!(is_registered("application/vnd.cncf.helm.config.v1+json"));
        assert!(!is_registered("application/vnd.oci.image.index.v1+json"));
    }
}
