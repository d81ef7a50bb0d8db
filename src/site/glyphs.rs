//! Roles: their names, what they mean, and one family of pictures drawn for them.
//!
//! The glyphs are our own, 24 by 24, in strokes of one colour that is readable on light and on dark. A type without
//! a picture of its own shows the glyph of its main role.

use crate::catalog::model::Role;

macro_rules! glyph {
    ($name:literal) => {
        include_str!(concat!("../../site-templates/static/glyphs/", $name, ".svg"))
    };
}

/// A role as pages show it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoleFacts {
    /// The role.
    pub(super) role: Role,
    /// Its spelling in entries, paths and outputs.
    pub(super) name: &'static str,
    /// Its name for people, in the plural.
    pub(super) title: &'static str,
    /// What artifacts of this role are for.
    pub(super) about: &'static str,
    /// Its glyph, an SVG document.
    pub(super) svg: &'static str,
}

/// Path of a role's glyph.
pub(super) fn path(name: &str) -> String {
    format!("icons/roles/{name}.svg")
}

/// Every role, in the order of the vocabulary.
pub(super) const ALL: [RoleFacts; 27] = [
    facts(Role::Image),
    facts(Role::ImageIndex),
    facts(Role::Application),
    facts(Role::Chart),
    facts(Role::Policy),
    facts(Role::Ruleset),
    facts(Role::Wasm),
    facts(Role::Sbom),
    facts(Role::Signature),
    facts(Role::Attestation),
    facts(Role::Provenance),
    facts(Role::VulnerabilityReport),
    facts(Role::Model),
    facts(Role::Package),
    facts(Role::Bundle),
    facts(Role::Module),
    facts(Role::Config),
    facts(Role::Profile),
    facts(Role::Plugin),
    facts(Role::Cache),
    facts(Role::Volume),
    facts(Role::Database),
    facts(Role::Firmware),
    facts(Role::Documentation),
    facts(Role::Metadata),
    facts(Role::LayerFormat),
    facts(Role::Generic),
];

/// A role's facts.
pub(super) const fn facts(role: Role) -> RoleFacts {
    let (name, title, about, svg) = match role {
        Role::Image => ("image", "Images", "Container images: a file system and how to start it.", glyph!("image")),
        Role::ImageIndex => (
            "image-index",
            "Image indexes",
            "Lists of manifests: one for each platform, or for each part of a whole.",
            glyph!("image-index"),
        ),
        Role::Application => (
            "application",
            "Applications",
            "Whole applications, often of several parts, that a platform installs and starts.",
            glyph!("application"),
        ),
        Role::Chart => (
            "chart",
            "Charts",
            "Templates and values from which an application is installed in a cluster.",
            glyph!("chart"),
        ),
        Role::Policy => (
            "policy",
            "Policies",
            "What a policy engine decides by: what is allowed, and what is not.",
            glyph!("policy"),
        ),
        Role::Ruleset => (
            "ruleset",
            "Rulesets",
            "Rules by which a tool detects or judges, such as those of a runtime monitor.",
            glyph!("ruleset"),
        ),
        Role::Wasm => ("wasm", "WebAssembly", "Modules and components in WebAssembly.", glyph!("wasm")),
        Role::Sbom => {
            ("sbom", "Software bills of materials", "Lists of what a piece of software is made of.", glyph!("sbom"))
        }
        Role::Signature => {
            ("signature", "Signatures", "Cryptographic signatures over other artifacts.", glyph!("signature"))
        }
        Role::Attestation => {
            ("attestation", "Attestations", "Signed statements about other artifacts.", glyph!("attestation"))
        }
        Role::Provenance => {
            ("provenance", "Provenance", "From what, where and how another artifact was made.", glyph!("provenance"))
        }
        Role::VulnerabilityReport => (
            "vulnerability-report",
            "Vulnerability reports",
            "What a scanner found in another artifact.",
            glyph!("vulnerability-report"),
        ),
        Role::Model => {
            ("model", "Models", "Models of machine learning, their weights and what belongs to them.", glyph!("model"))
        }
        Role::Package => {
            ("package", "Packages", "Packages of a language, a distribution or a package manager.", glyph!("package"))
        }
        Role::Bundle => {
            ("bundle", "Bundles", "Several things that belong together, in one artifact.", glyph!("bundle"))
        }
        Role::Module => ("module", "Modules", "Parts that other definitions or programs build upon.", glyph!("module")),
        Role::Config => {
            ("config", "Configuration", "Settings and definitions that a program or platform reads.", glyph!("config"))
        }
        Role::Profile => {
            ("profile", "Profiles", "Security profiles that confine what a workload may do.", glyph!("profile"))
        }
        Role::Plugin => ("plugin", "Plug-ins", "Extensions that another program loads.", glyph!("plugin")),
        Role::Cache => ("cache", "Caches", "Results kept for the next run; they can be made again.", glyph!("cache")),
        Role::Volume => ("volume", "Volumes", "Data of a volume or disk, kept as an artifact.", glyph!("volume")),
        Role::Database => {
            ("database", "Databases", "Databases that a tool downloads, such as those of scanners.", glyph!("database"))
        }
        Role::Firmware => ("firmware", "Firmware", "Software of devices and boot loaders.", glyph!("firmware")),
        Role::Documentation => {
            ("documentation", "Documentation", "Text for people: manuals, readme files, help.", glyph!("documentation"))
        }
        Role::Metadata => {
            ("metadata", "Metadata", "What a registry or tool keeps about other artifacts.", glyph!("metadata"))
        }
        Role::LayerFormat => (
            "layer-format",
            "Layer formats",
            "Ways to store layers that an image of any type may use.",
            glyph!("layer-format"),
        ),
        Role::Generic => {
            ("generic", "Generic", "Containers for anything, of which no more is known.", glyph!("generic"))
        }
    };
    RoleFacts { role, name, title, about, svg }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_entries_and_none_is_missing() {
        for facts in ALL {
            assert_eq!(serde_json::to_value(facts.role).unwrap(), facts.name);
        }
        let schema = schemars::schema_for!(Role).to_value();
        assert_eq!(schema["enum"].as_array().map(Vec::len), Some(ALL.len()), "{schema}");
    }

    #[test]
    fn glyphs_are_plain_shapes_of_one_family() {
        for facts in ALL {
            assert!(
                facts.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\""),
                "{}",
                facts.name
            );
            for element in facts.svg.split('<').skip(1).map(|rest| rest.split([' ', '/', '>']).next().unwrap()) {
                assert!(
                    ["svg", "path", "rect", "circle", "line", "polyline", ""].contains(&element),
                    "{}: {element}",
                    facts.name
                );
            }
            for bad in ["style", "class", "href", "<text", "script", "url("] {
                assert!(!facts.svg.contains(bad), "{}: {bad}", facts.name);
            }
        }
    }
}
