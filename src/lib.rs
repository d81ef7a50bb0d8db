//! The clearing house for OCI artifact types: a catalog, a linter, an identifier and a generator.
//!
//! The library stands in floors; each module imports only from floors below its own, and each outside crate is named
//! behind one door. `tests/suite/house.rs` holds both.
//!
//! | floor | module | what it is |
//! | ---: | --- | --- |
//! | 0 | [`source`] | texts and places: YAML and JSON as one tree with the span of every key and value |
//! | 0 | [`oci`] | the vocabulary of the specifications |
//! | 0 | [`picture`] | from an SVG document to pixels |
//! | 0 | [`archive`] | folders and tar archives as streams of members |
//! | 0 | [`serve`] | the preview of a site, on this machine alone |
//! | 1 | [`finding`] | what is wrong with somebody's file, and the forms in which it is shown |
//! | 1 | [`registry`] | registries over HTTP |
//! | 1 | [`artifact`] | the catalog as an artifact |
//! | 2 | [`shape`] | from bytes to documents of the right shape |
//! | 3 | [`catalog`] | entries, predicates, and the order of the rules |
//! | 3 | [`layout`] | image layouts: documents and blobs by their digests |
//! | 4 | [`identify`] | what a document is |
//! | 4 | [`selection`] | which types a registry takes, and how it shows them |
//! | 4 | [`conformance`] | what implementers are checked by |
//! | 5 | [`mapping`] | what operators download |
//! | 5 | [`listing`] | what a registry holds, as rows |
//! | 5 | [`portability`] | what registries are known to do with artifacts |
//! | 6 | [`diff`] | what a change of the catalog means for those who use it |
//! | 6 | [`export`] | configuration and data for other programs |
//! | 6 | [`draft`] | the first form of an entry, from a document |
//! | 7 | [`rules`] | every rule, and the lint of catalogs, documents and layouts |
//! | 8 | [`schemas`], [`site`] | the published schemas and the pages |
//! | 9 | [`cli`] | arguments, printing, exit codes |
//!
//! Data flows one way: text, document, typed entry or facts, findings and answers, outputs. Outputs are values until
//! `cli` writes them; a site, which is large, hands on its files one by one.
//!
//! ```
//! use oci_artifact_types::catalog::embedded;
//! use oci_artifact_types::identify::{Context, Facts, Identifier};
//!
//! let manifest = r#"{
//!   "schemaVersion": 2,
//!   "config": { "mediaType": "application/vnd.cncf.helm.config.v1+json" },
//!   "layers": []
//! }"#;
//! let identifier = Identifier::new(embedded::rules());
//! let facts = Facts::read(manifest).expect("one JSON object");
//! let context = Context::default();
//! let answer = identifier.identify(&facts, &context);
//! assert_eq!(answer.type_id, Some("helm-chart"));
//! assert_eq!(answer.evidence[0].pointer.as_str(), "/config/mediaType");
//! ```

pub mod archive;
pub mod artifact;
pub mod catalog;
pub mod cli;
pub mod conformance;
pub mod diff;
pub mod draft;
pub mod export;
pub mod finding;
pub mod identify;
pub mod layout;
pub mod listing;
pub mod mapping;
pub mod oci;
mod parallel;
pub mod picture;
pub mod portability;
pub mod registry;
pub mod rules;
pub mod schemas;
pub mod selection;
pub mod serve;
pub mod shape;
pub mod site;
pub mod source;
