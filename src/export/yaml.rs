//! YAML as exports write it: every text is quoted by the serializer where it must be.

use serde::Serialize;
use serde::ser::Error as _;

/// A value as a YAML document without markers.
pub(super) fn to_yaml<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    serde_yaml::to_string(value).map_err(serde_json::Error::custom)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::export::material::sample::HOSTILE;

    #[test]
    fn what_is_written_is_read_back() {
        let value =
            json!({"a": HOSTILE, "no": "yes", "n": "1e3", "m": "application/x; a=b", "t": "a: b # c", "nul": "~"});
        let text = to_yaml(&value).unwrap();
        assert_eq!(serde_yaml::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
