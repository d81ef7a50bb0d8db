//! The vocabulary of the OCI specifications: pure types and constants, no files, no findings.

pub mod annotations;
pub mod content;
pub mod datetime;
pub mod digest;
pub mod hash;
pub mod iana;
pub mod media_type;
pub mod platform;
pub mod reference;
pub mod spec;
pub mod url;
pub mod well_known;

pub use media_type::MediaType;
pub use spec::Spec;
