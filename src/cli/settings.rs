//! What the user wants of the rules: options, and `oat.toml` beside or above the current folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;

use super::output::known;
use super::{Failure, catalogs};
use crate::finding::Level;
use crate::finding::report::Levels;
use crate::oci::Spec;
use crate::rules::manifest::{Asked, Options};
use crate::rules::profile::Profile;

/// Name of the file with settings.
const FILE: &str = "oat.toml";
/// Largest file with settings, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Options that change what is reported, and how gravely.
#[derive(Debug, clap::Args)]
pub(super) struct SettingsArgs {
    /// Do not report what this rule finds
    #[arg(long, value_name = "RULE")]
    allow: Vec<String>,
    /// Report what this rule finds as a warning
    #[arg(long, value_name = "RULE")]
    warn: Vec<String>,
    /// Report what this rule finds as an error; or fail at this level: `warning` or `info`
    #[arg(long, value_name = "RULE|LEVEL")]
    deny: Vec<String>,
    /// Levels that suit a purpose [default: none]
    #[arg(long, value_enum)]
    profile: Option<ProfileArg>,
    /// Also report what is nothing wrong: the rules that are only reported when somebody asks
    #[arg(long)]
    pedantic: bool,
    /// Release of the OCI specifications that documents are held against [default: 1.1]
    #[arg(long, value_enum)]
    spec: Option<SpecArg>,
    /// Read no `oat.toml`
    #[arg(long)]
    isolated: bool,
}

/// A release of the OCI specifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
enum SpecArg {
    /// image-spec of 2017, distribution-spec of 2021
    #[value(name = "1.0")]
    #[serde(rename = "1.0")]
    First,
    /// Both of 2024, the newest that are released
    #[value(name = "1.1")]
    #[serde(rename = "1.1")]
    Released,
    /// What stands on the main branches, not yet released
    #[value(name = "main")]
    #[serde(rename = "main")]
    Main,
}

/// A purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ProfileArg {
    /// A container image that every client runs: what makes it less portable is an error
    Image,
    /// An artifact by the guidelines of OCI: what departs from them is an error
    Artifact,
    /// What a registry should refuse: errors only, no advice
    Registry,
}

/// The keys of `oat.toml`, which are those of the options.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    warn: Vec<String>,
    #[serde(default)]
    deny: Vec<String>,
    profile: Option<ProfileArg>,
    #[serde(default)]
    pedantic: bool,
    spec: Option<SpecArg>,
}

/// What the user wants.
#[derive(Debug)]
pub(super) struct Settings {
    /// Levels of rules.
    pub levels: Levels,
    /// What rules over documents report.
    pub options: Options,
}

impl SettingsArgs {
    /// The settings: options before `oat.toml` before the profile.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let (file, path) = if self.isolated { (File::default(), None) } else { file()? };
        let profile = self.profile.or(file.profile).map(ProfileArg::profile);
        let mut levels = Levels { by_rule: BTreeMap::new(), fail_at: None };
        let mut asked = BTreeSet::new();
        for (rule, level) in profile.into_iter().flat_map(Profile::levels) {
            levels.by_rule.insert(rule.id.to_owned(), level);
            asked.extend(level.map(|_| rule.id.to_owned()));
        }
        let at = |failure: Failure| match &path {
            Some(path) => Failure::new(format!("{}: {}", catalogs::shown(path), failure.message)),
            None => failure,
        };
        set(&mut levels, &mut asked, [&file.allow, &file.warn, &file.deny]).map_err(at)?;
        set(&mut levels, &mut asked, [&self.allow, &self.warn, &self.deny])?;
        let spec = match self.spec.or(file.spec) {
            Some(SpecArg::First) => Spec::V1_0,
            None | Some(SpecArg::Released) => Spec::V1_1,
            Some(SpecArg::Main) => Spec::Main,
        };
        let asked = match (self.pedantic || file.pedantic, asked.is_empty()) {
            (true, _) => Asked::Everything,
            (false, true) => Asked::Nothing,
            (false, false) => Asked::These(asked),
        };
        Ok(Settings { levels, options: Options { spec, asked } })
    }
}

impl ProfileArg {
    const fn profile(self) -> Profile {
        match self {
            Self::Image => Profile::Image,
            Self::Artifact => Profile::Artifact,
            Self::Registry => Profile::Registry,
        }
    }
}

/// Sets levels; a rule that is given one is asked for.
fn set(levels: &mut Levels, asked: &mut BTreeSet<String>, [allow, warn, deny]: [&[String]; 3]) -> Result<(), Failure> {
    let mut give = |word: &str, level: Option<Level>| {
        let id = known(word)?.id.to_owned();
        asked.extend(level.map(|_| id.clone()));
        levels.by_rule.insert(id, level);
        Ok::<_, Failure>(())
    };
    for word in allow {
        give(word, None)?;
    }
    for word in warn {
        give(word, Some(Level::Warning))?;
    }
    for word in deny {
        let level = match word.as_str() {
            "error" => Level::Error,
            "warning" => Level::Warning,
            "info" => Level::Info,
            id => {
                give(id, Some(Level::Error))?;
                continue;
            }
        };
        levels.fail_at = Some(levels.fail_at.map_or(level, |other| other.max(level)));
    }
    Ok(())
}

/// The nearest `oat.toml`, from the current folder upwards.
fn file() -> Result<(File, Option<PathBuf>), Failure> {
    let current = Path::new(".");
    let start = std::path::absolute(current).map_err(|error| Failure::path(current, &error))?;
    let Some(depth) = start.ancestors().position(|folder| folder.join(FILE).is_file()) else {
        return Ok((File::default(), None));
    };
    // Messages call it as seen from here: no absolute path is ever shown.
    let path: PathBuf = std::iter::repeat_n("..", depth).collect::<PathBuf>().join(FILE);
    let bytes = crate::catalog::folder::read_bounded(&path, MAX_BYTES).map_err(|error| Failure::path(&path, &error))?;
    let shown = catalogs::shown(&path);
    if bytes.len() > MAX_BYTES {
        return Err(Failure::new(format!("{shown}: more than {MAX_BYTES} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("{shown}: not UTF-8")))?;
    match toml::from_str(&text) {
        Ok(file) => Ok((file, Some(path))),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let (line, column) = crate::source::LineIndex::new(&text).line_column(&text, start);
            let message = crate::source::text::visible(error.message()).into_owned();
            Err(Failure::new(format!("{shown}:{line}:{column}: {message}")))
        }
    }
}
