//! JSON Pointer (RFC 6901): the path of keys by which rules name a place.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// A path of keys and indices from the root of a document; empty for the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(Cow<'static, str>);

impl Pointer {
    /// The root of the document.
    #[must_use]
    pub const fn root() -> Self {
        Self(Cow::Borrowed(""))
    }

    /// A pointer that the program names, such as `/config/mediaType`.
    #[must_use]
    pub const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// A pointer that is already written, such as `/layers/0`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(Cow::Owned(text.to_owned()))
    }

    /// The member `key` of this place.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + key.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        if !key.contains(['~', '/']) {
            text.push_str(key);
            return Self(text.into());
        }
        for c in key.chars() {
            match c {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text.into())
    }

    /// The element `index` of this place.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut text = String::with_capacity(self.0.len() + 4);
        text.push_str(&self.0);
        text.push('/');
        match u8::try_from(index) {
            // Nearly all: without what formatting costs.
            Ok(digit @ 0..10) => text.push(char::from(b'0' + digit)),
            // Writing into a string does not fail.
            _ => drop(write!(text, "{index}")),
        }
        Self(text.into())
    }

    /// The place that contains this one; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].to_owned().into()))
    }

    /// Its keys, unescaped.
    pub fn keys(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~"))
    }

    /// Its written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_walks_back() {
        let pointer = Pointer::root().key("layers").index(0).key("a/b~c");
        assert_eq!(pointer.as_str(), "/layers/0/a~1b~0c");
        assert_eq!(pointer.keys().collect::<Vec<_>>(), ["layers", "0", "a/b~c"]);
        assert_eq!(pointer.parent().unwrap().as_str(), "/layers/0");
        assert_eq!(Pointer::root().parent(), None);
    }
}
