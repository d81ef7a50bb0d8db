//! Platforms: the names that [image-spec image-index.md](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions)
//! takes from Go, and its table of variants.

/// Values of `GOOS`, past, present and future, sorted
/// ([Go, internal/syslist](https://github.com/golang/go/blob/go1.27.3/src/internal/syslist/syslist.go)).
pub const GOOS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

/// Values of `GOARCH`, past, present and future, sorted (same file).
pub const GOARCH: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "arm64",
    "arm64be",
    "armbe",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "mipsle",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

/// Operating systems with the architectures that a release of Go from 1.19 to 1.27 builds for, sorted
/// (`go tool dist list`; [Go, internal/platform](https://github.com/golang/go/blob/go1.27.3/src/internal/platform/zosarch.go)).
const PAIRS: [(&str, &[&str]); 15] = [
    ("aix", &["ppc64"]),
    ("android", &["386", "amd64", "arm", "arm64"]),
    ("darwin", &["amd64", "arm64"]),
    ("dragonfly", &["amd64"]),
    ("freebsd", &["386", "amd64", "arm", "arm64", "riscv64"]),
    ("illumos", &["amd64"]),
    ("ios", &["amd64", "arm64"]),
    ("js", &["wasm"]),
    (
        "linux",
        &[
            "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le",
            "riscv64", "s390x", "sparc64",
        ],
    ),
    ("netbsd", &["386", "amd64", "arm", "arm64"]),
    ("openbsd", &["386", "amd64", "arm", "arm64", "mips64", "ppc64", "riscv64"]),
    ("plan9", &["386", "amd64", "arm"]),
    ("solaris", &["amd64"]),
    ("wasip1", &["wasm"]),
    ("windows", &["386", "amd64", "arm", "arm64"]),
];

/// Names of architectures that other programs use, in lower case and sorted, with Go's name and the variant.
const ARCHITECTURES: [(&str, &str, Option<&str>); 38] = [
    ("aarch64", "arm64", None),
    ("amd", "amd64", None),
    ("amd64v2", "amd64", Some("v2")),
    ("amd64v3", "amd64", Some("v3")),
    ("arm32", "arm", None),
    ("arm32v5", "arm", Some("v5")),
    ("arm32v6", "arm", Some("v6")),
    ("arm32v7", "arm", Some("v7")),
    ("arm64v8", "arm64", Some("v8")),
    ("armel", "arm", Some("v6")),
    ("armhf", "arm", Some("v7")),
    ("armv5", "arm", Some("v5")),
    ("armv6", "arm", Some("v6")),
    ("armv6l", "arm", Some("v6")),
    ("armv7", "arm", Some("v7")),
    ("armv7l", "arm", Some("v7")),
    ("armv8", "arm64", Some("v8")),
    ("i386", "386", None),
    ("i486", "386", None),
    ("i586", "386", None),
    ("i686", "386", None),
    ("ia32", "386", None),
    ("loongarch64", "loong64", None),
    ("mips64el", "mips64le", None),
    ("mipsel", "mipsle", None),
    ("powerpc64", "ppc64", None),
    ("powerpc64le", "ppc64le", None),
    ("ppc64el", "ppc64le", None),
    ("riscv64gc", "riscv64", None),
    ("wasm32", "wasm", None),
    ("win64", "amd64", None),
    ("x32", "amd64", None),
    ("x64", "amd64", None),
    ("x86", "386", None),
    ("x86-64", "amd64", None),
    ("x8664", "amd64", None),
    ("x86_32", "386", None),
    ("x86_64", "amd64", None),
];

/// Names of operating systems that other programs use, in lower case and sorted, with Go's name.
const SYSTEMS: [(&str, &str); 18] = [
    ("alpine", "linux"),
    ("centos", "linux"),
    ("debian", "linux"),
    ("fedora", "linux"),
    ("gnu/linux", "linux"),
    ("mac", "darwin"),
    ("mac os x", "darwin"),
    ("macos", "darwin"),
    ("macosx", "darwin"),
    ("osx", "darwin"),
    ("sunos", "solaris"),
    ("ubuntu", "linux"),
    ("wasi", "wasip1"),
    ("win", "windows"),
    ("win32", "windows"),
    ("win64", "windows"),
    ("windows nt", "windows"),
    ("windows_nt", "windows"),
];

/// The feature that the specification defines for Windows (image-index.md, `os.features`).
pub const WIN32K: &str = "win32k";

/// What stands in place of an operating system and an architecture where there is none: BuildKit writes it for
/// attestations ([attestation storage](https://github.com/moby/buildkit/blob/v0.19.0/docs/attestations/attestation-storage.md)).
pub const UNKNOWN: &str = "unknown";

/// Whether a name is one of Go's operating systems.
#[must_use]
pub fn is_goos(os: &str) -> bool {
    os == "linux" || GOOS.binary_search(&os).is_ok()
}

/// Whether a name is one of Go's architectures.
#[must_use]
pub fn is_goarch(architecture: &str) -> bool {
    matches!(architecture, "amd64" | "arm64") || GOARCH.binary_search(&architecture).is_ok()
}

/// Whether Go builds for an operating system on an architecture.
#[must_use]
pub fn is_pair(os: &str, architecture: &str) -> bool {
    PAIRS
        .binary_search_by(|(other, _)| (*other).cmp(os))
        .is_ok_and(|at| PAIRS[at].1.binary_search(&architecture).is_ok())
}

/// The architectures for which Go builds on an operating system.
#[must_use]
pub fn architectures(os: &str) -> &'static [&'static str] {
    PAIRS.binary_search_by(|(other, _)| (*other).cmp(os)).map_or(&[], |at| PAIRS[at].1)
}

/// Go's name of an architecture that is spelled in another way, and the variant that the spelling holds.
#[must_use]
pub fn meant_architecture(text: &str) -> Option<(&'static str, Option<&'static str>)> {
    let lower = text.trim().to_ascii_lowercase();
    // As in `linux/arm64` and `arm64/v8`.
    let parts: Vec<&str> = lower.split('/').collect();
    let bare = match parts[..] {
        [os, architecture, ..] if is_goos(os) => architecture,
        [architecture, ..] => architecture,
        [] => return None,
    };
    if let Ok(at) = GOARCH.binary_search(&bare) {
        let variant = parts.last().and_then(|last| variants(GOARCH[at]).iter().find(|variant| *variant == last));
        return Some((GOARCH[at], variant.copied()));
    }
    let at = ARCHITECTURES.binary_search_by(|(name, _, _)| (*name).cmp(bare)).ok()?;
    let (_, architecture, variant) = ARCHITECTURES[at];
    Some((architecture, variant))
}

/// Go's name of an operating system that is spelled in another way.
#[must_use]
pub fn meant_os(text: &str) -> Option<&'static str> {
    let lower = text.trim().to_ascii_lowercase();
    let bare = if SYSTEMS.iter().any(|(name, _)| *name == lower) { &lower } else { lower.split('/').next()? };
    if let Ok(at) = GOOS.binary_search(&bare) {
        return Some(GOOS[at]);
    }
    SYSTEMS.binary_search_by(|(name, _)| (*name).cmp(bare)).ok().map(|at| SYSTEMS[at].1)
}

/// How a variant stands to the table of platform variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The table has it, or continues to it with its dots.
    Listed,
    /// The table does not have it, but Go does: `v5` of `arm`.
    Analog,
    /// The table has the architecture and not this variant.
    Foreign,
    /// The table does not have the architecture.
    Open,
}

/// How a variant of an architecture stands to the table
/// ([image-index.md, platform variants](https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#platform-variants)).
///
/// Where the table has dots, Go's values continue it: `GOARM64`, `GOPPC64`, `GORISCV64` and `GOAMD64`.
#[must_use]
pub fn standing(architecture: &str, variant: &str) -> Standing {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let listed = match architecture {
        "arm" if variant == "v5" => return Standing::Analog,
        "arm" => matches!(variant, "v6" | "v7" | "v8"),
        "arm64" => variant
            .strip_prefix("v8")
            .or_else(|| variant.strip_prefix("v9"))
            .is_some_and(|minor| minor.is_empty() || minor.strip_prefix('.').is_some_and(|minor| digits(minor, 1))),
        "ppc64le" => matches!(variant, "power8" | "power9" | "power10" | "power11"),
        "riscv64" => {
            variant.strip_prefix("rva").and_then(|rest| rest.strip_suffix("u64")).is_some_and(|year| digits(year, 2))
        }
        "amd64" => matches!(variant, "v1" | "v2" | "v3" | "v4"),
        _ => return Standing::Open,
    };
    if listed { Standing::Listed } else { Standing::Foreign }
}

/// Variants of an architecture that the table names, and of `amd64` the last one that Go has.
#[must_use]
pub fn variants(architecture: &str) -> &'static [&'static str] {
    match architecture {
        "arm" => &["v6", "v7", "v8"],
        "arm64" => &["v8", "v8.1"],
        "ppc64le" => &["power8", "power9"],
        "riscv64" => &["rva20u64"],
        "amd64" => &["v1", "v2", "v3", "v4"],
        _ => &[],
    }
}

/// The variant that is meant by another spelling of it, such as `7`, `V7`, `armv7l` or `x86-64-v3`.
#[must_use]
pub fn meant_variant(architecture: &str, text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    if let Some((found, Some(variant))) = meant_architecture(&lower)
        && found == architecture
    {
        return Some(variant.to_owned());
    }
    let bare = ["x86-64-", "x86_64_", "arm"].iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
    let stem = if architecture == "ppc64le" { "power" } else { "v" };
    [bare.to_owned(), format!("{stem}{bare}")]
        .into_iter()
        .find(|spelling| !matches!(standing(architecture, spelling), Standing::Foreign | Standing::Open))
}

/// Whether a version of Windows has the four numbers that its builds are called by, such as `10.0.14393.1066`.
#[must_use]
pub fn is_windows_version(version: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.len() <= 10 && part.bytes().all(|b| b.is_ascii_digit());
    version.split('.').count() == 4 && version.split('.').all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_agree() {
        assert!(GOOS.is_sorted() && GOARCH.is_sorted());
        assert!(PAIRS.is_sorted_by_key(|(os, _)| os));
        for (os, architectures) in PAIRS {
            assert!(is_goos(os) && architectures.is_sorted());
            assert!(architectures.iter().all(|architecture| is_goarch(architecture) && is_pair(os, architecture)));
        }
        assert!(ARCHITECTURES.is_sorted_by_key(|(name, _, _)| name));
        for (name, architecture, variant) in ARCHITECTURES {
            assert!(!is_goarch(name) && is_goarch(architecture), "{name}");
            assert!(variant.is_none_or(|variant| standing(architecture, variant) != Standing::Foreign), "{name}");
        }
        assert!(SYSTEMS.is_sorted());
        assert!(SYSTEMS.iter().all(|(name, os)| !is_goos(name) && is_goos(os)));
        for architecture in GOARCH {
            let listed = |variant: &&str| standing(architecture, variant) == Standing::Listed;
            assert!(variants(architecture).iter().all(listed), "{architecture}");
        }
    }

    #[test]
    fn slips_have_a_right_value() {
        for (text, meant) in [
            ("x86_64", Some(("amd64", None))),
            ("AMD64", Some(("amd64", None))),
            ("aarch64", Some(("arm64", None))),
            ("arm64/v8", Some(("arm64", Some("v8")))),
            ("linux/amd64", Some(("amd64", None))),
            ("armv7l", Some(("arm", Some("v7")))),
            ("", None),
            ("/", None),
            (".tar.gz", None),
        ] {
            assert_eq!(meant_architecture(text), meant, "{text}");
        }
        for (text, meant) in [
            ("Linux", Some("linux")),
            ("macOS", Some("darwin")),
            ("linux/amd64", Some("linux")),
            ("GNU/Linux", Some("linux")),
            ("win32", Some("windows")),
            ("multi", None),
            ("", None),
        ] {
            assert_eq!(meant_os(text), meant, "{text}");
        }
        for (architecture, text, meant) in [
            ("arm", "7", Some("v7")),
            ("arm", "armhf", Some("v7")),
            ("arm", "armv7", Some("v7")),
            ("arm64", "V8", Some("v8")),
            ("arm64", "8.2", Some("v8.2")),
            ("arm64", "v7", None),
            ("amd64", "x86-64-v3", Some("v3")),
            ("ppc64le", "9", Some("power9")),
            ("s390x", "z13", None),
            ("amd64", "", None),
        ] {
            assert_eq!(meant_variant(architecture, text).as_deref(), meant, "{architecture} {text}");
        }
    }

    #[test]
    fn variants_stand_in_the_table_or_continue_it() {
        for (architecture, variant, is) in [
            ("arm", "v5", Standing::Analog),
            ("arm", "v7", Standing::Listed),
            ("arm", "v9", Standing::Foreign),
            ("arm64", "v8", Standing::Listed),
            ("arm64", "v8.5", Standing::Listed),
            ("arm64", "v9.0", Standing::Listed),
            ("arm64", "v7", Standing::Foreign),
            ("arm64", "v8.", Standing::Foreign),
            ("ppc64le", "power10", Standing::Listed),
            ("riscv64", "rva22u64", Standing::Listed),
            ("riscv64", "rva22", Standing::Foreign),
            ("amd64", "v4", Standing::Listed),
            ("amd64", "v5", Standing::Foreign),
            ("mips", "softfloat", Standing::Open),
        ] {
            assert_eq!(standing(architecture, variant), is, "{architecture}/{variant}");
        }
        for (version, is) in [("10.0.14393.1066", true), ("10.0.17763", false), ("10.0.1.x", false), ("", false)] {
            assert_eq!(is_windows_version(version), is, "{version}");
        }
    }
}
