//! The grammar of an argument: literal text, or exactly one placeholder with a listed prefix before it.

/// Placeholders that every action may use; sorted.
pub(super) const PLACEHOLDERS: [&str; 7] = ["digest", "location", "name", "reference", "registry", "repository", "tag"];

/// Texts that may stand directly before a placeholder, alone or behind `--option=`; sorted.
pub(super) const PREFIXES: [&str; 18] = [
    "br:",
    "containers-storage:",
    "dir:",
    "docker-archive:",
    "docker-daemon:",
    "docker://",
    "file:",
    "file://",
    "image:",
    "oci-archive:",
    "oci-dir:",
    "oci-layout://",
    "oci:",
    "oci://",
    "oras://",
    "registry:",
    "registry://",
    "type=registry,ref=",
];

/// The names of the placeholders of an element, in order.
pub(super) fn placeholders(element: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = element;
    while let Some((_, behind)) = rest.split_once('{') {
        match behind.split_once('}') {
            Some((name, after)) if !name.contains('{') => {
                names.push(name);
                rest = after;
            }
            _ => rest = behind,
        }
    }
    names
}

/// The text before and behind the only placeholder of an element.
pub(super) fn around<'a>(element: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    element.split_once(&format!("{{{name}}}"))
}

/// Whether a text may stand directly before a placeholder.
pub(super) fn is_prefix(text: &str) -> bool {
    let value = match text.strip_prefix("--").and_then(|option| option.split_once('=')) {
        Some((name, value)) if is_option_name(name) => value,
        Some(_) => return false,
        None => text,
    };
    value.is_empty() || PREFIXES.binary_search(&value).is_ok()
}

fn is_option_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The first character that a literal may not hold: a shell or a terminal could take it for something else.
pub(super) fn first_unsafe(literal: &str) -> Option<char> {
    literal.chars().find(|c| !c.is_ascii_alphanumeric() && !"._/:=@,+-".contains(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_in_order() {
        assert_eq!(placeholders("oci://{location}:{tag}"), ["location", "tag"]);
        assert_eq!(placeholders("{{reference}}"), ["reference"]);
        assert!(placeholders("{").is_empty() && placeholders("}{").is_empty());
        assert_eq!(around("oci://{location}", "location"), Some(("oci://", "")));
    }

    #[test]
    fn prefixes_are_listed() {
        assert!(PREFIXES.is_sorted() && PLACEHOLDERS.is_sorted());
        for good in ["", "oci://", "--reference=", "--source=oci://", "type=registry,ref="] {
            assert!(is_prefix(good), "{good}");
        }
        for bad in ["-", "--", "-o", "--=", "https://", "--a b=", "@"] {
            assert!(!is_prefix(bad), "{bad}");
        }
        assert_eq!((first_unsafe("--output=a,b"), first_unsafe("a;b")), (None, Some(';')));
    }
}
