//! The suite: one binary, a module for each subject. `tests/README.md` says how it works.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that meets the unexpected ends")]

mod build;
mod catalog;
mod cli;
mod conformance;
mod diagnostics;
mod diff;
mod harness;
mod house;
mod identify;
mod layouts;
mod liar;
mod linting;
mod mapping;
mod mutations;
mod portability;
mod reading;
mod readme;
mod registry;
mod rules;
mod schemas;
mod selections;
