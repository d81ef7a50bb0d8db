//! What platforms of indexes and configs of images have in common: names of Go, and variants of their table.

use super::lint::{Lint, show};
use crate::finding::Rule;
use crate::oci::platform::{self, Standing, WIN32K};
use crate::shape::schema::nearest_word;
use crate::source::tape::Json;

/// Most findings of one rule in one list.
pub(super) const MOST: usize = 100;

/// Whether a platform stands for no platform, as that of an attestation.
pub(super) fn is_unknown(os: Option<Json<'_>>, architecture: Option<Json<'_>>) -> bool {
    let unknown = |found: Option<Json<'_>>| found.and_then(Json::as_str) == Some(platform::UNKNOWN);
    unknown(os) && unknown(architecture)
}

/// Reports an architecture that is none of Go's.
pub(super) fn architecture<'a>(lint: &mut Lint<'a>, rule: &'static Rule, at: Json<'a>) {
    let Some(found) = at.as_str().filter(|found| !platform::is_goarch(found)) else { return };
    let message = if found.is_empty() {
        "the architecture is empty".to_owned()
    } else {
        format!("`{}` is not one of Go's names of architectures", show(found))
    };
    let help = match platform::meant_architecture(found) {
        Some((name, Some(variant))) => format!("write `{name}`, and `{variant}` as `variant`"),
        Some((name, None)) => format!("write `{name}`"),
        None => match nearest_word(found, platform::GOARCH.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write a value of `GOARCH`, such as `amd64` or `arm64`".to_owned(),
        },
    };
    lint.value(rule, at, message).help(help).done();
}

/// Reports an operating system that is none of Go's.
pub(super) fn os<'a>(lint: &mut Lint<'a>, rule: &'static Rule, at: Json<'a>) {
    let Some(found) = at.as_str().filter(|found| !platform::is_goos(found)) else { return };
    let message = if found.is_empty() {
        "the operating system is empty".to_owned()
    } else {
        format!("`{}` is not one of Go's names of operating systems", show(found))
    };
    let help = match platform::meant_os(found) {
        Some(name) => format!("write `{name}`"),
        None => match nearest_word(found, platform::GOOS.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write a value of `GOOS`, such as `linux` or `windows`".to_owned(),
        },
    };
    lint.value(rule, at, message).help(help).done();
}

/// Reports a variant that the table does not have although it has the architecture.
pub(super) fn variant<'a>(lint: &mut Lint<'a>, rule: &'static Rule, architecture: &str, at: Json<'a>) {
    let Some(found) = at.as_str() else { return };
    if platform::standing(architecture, found) != Standing::Foreign {
        return;
    }
    let message = if found.is_empty() {
        "the variant is empty".to_owned()
    } else {
        format!("`{}` is not a variant of `{architecture}`", show(found))
    };
    let help = match platform::meant_variant(architecture, found) {
        Some(meant) => format!("write `{meant}`"),
        None if found.is_empty() => "leave `variant` out".to_owned(),
        None => {
            let listed: Vec<String> =
                platform::variants(architecture).iter().map(|variant| format!("`{variant}`")).collect();
            format!("variants of `{architecture}` are {}", listed.join(", "))
        }
    };
    lint.value(rule, at, message).help(help).done();
}

/// Reports features of Windows that the specification does not have.
pub(super) fn windows_features<'a>(lint: &mut Lint<'a>, rule: &'static Rule, features: Json<'a>) {
    let foreign = |feature: &Json<'_>| feature.as_str().is_some_and(|feature| feature != WIN32K);
    for feature in features.elements().filter(foreign).take(MOST) {
        let found = feature.as_str().unwrap_or_default();
        let message = format!("`{}` is not an `os.features` value for Windows", show(found));
        let help = if found.trim().to_ascii_lowercase().trim_end_matches(".sys") == WIN32K {
            "write `win32k`"
        } else {
            "the only one is `win32k`: remove this one"
        };
        lint.value(rule, feature, message).help(help).done();
    }
}
