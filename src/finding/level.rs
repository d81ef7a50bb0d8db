//! How grave a finding is.

use std::fmt;

/// Level of a finding, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Against a requirement; the run fails.
    Error,
    /// Against a recommendation, or likely a mistake.
    Warning,
    /// Worth knowing.
    Info,
}

impl Level {
    /// Its spelling in outputs and options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
