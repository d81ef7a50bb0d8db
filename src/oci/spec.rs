//! The releases of the OCI specifications that rules tell apart.

use std::fmt;

/// A release of image-spec and distribution-spec; later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Spec {
    /// image-spec and distribution-spec 1.0.
    V1_0,
    /// image-spec and distribution-spec 1.1, the newest that are released: `artifactType`, `subject`, referrers.
    #[default]
    V1_1,
    /// What stands on the main branches and in no release.
    Main,
}

impl Spec {
    /// All, oldest first.
    pub const ALL: [Self; 3] = [Self::V1_0, Self::V1_1, Self::Main];

    /// Its spelling in outputs and options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::Main => "main",
        }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
