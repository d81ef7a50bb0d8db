//! Arguments, printing and exit codes; one file for each command.

mod answers;
mod build;
mod catalogs;
mod codeowners;
mod diff;
mod explain;
mod export;
mod fix;
mod git;
mod identify;
mod input;
mod lint;
mod list;
mod mapping;
mod new;
mod output;
mod output_files;
mod portability;
mod publish;
mod registries;
mod rules;
mod schema;
mod selections;
mod serve;
mod settings;
mod show;
mod stream;
mod types;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};

/// Nothing at error level, or at the level that the user wants to fail at.
pub const EXIT_CLEAN: u8 = 0;
/// There are findings, or documents that could not be read.
pub const EXIT_FINDINGS: u8 = 1;
/// Wrong use, an input that can not be opened, or output that can not be written.
pub const EXIT_FAILURE: u8 = 2;

/// The clearing house for OCI artifact types: what is it, is it right, and what to show for it.
#[derive(Debug, Parser)]
#[command(name = "oat", version, about, max_term_width = 100, disable_help_subcommand = true)]
pub struct Args {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Use the catalog in this folder, which contains `types` or is it
    #[arg(long, value_name = "DIR", global = true)]
    catalog: Option<PathBuf>,
    /// Add in-house entries on top of the catalog
    #[arg(long, value_name = "DIR", global = true)]
    overlay: Vec<PathBuf>,
    /// Colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true)]
    color: Color,
    /// Address at which the site is published, for absolute links
    #[arg(long, value_name = "URL", global = true)]
    base_url: Option<String>,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a catalog, an entry, manifests or indexes
    Lint(lint::Args),
    /// Say what documents are
    Identify(identify::Args),
    /// List what a registry holds
    List(list::Args),
    /// Store the catalog in a registry, as an OCI artifact
    Publish(publish::PublishArgs),
    /// Get a catalog that was stored in a registry
    Pull(publish::PullArgs),
    /// Say which registries take a document or a type
    Portability(portability::Args),
    /// Draft an entry for a new type
    New(new::Args),
    /// Write the site, the mapping and the exports
    Build(build::Args),
    /// Show the site on this machine, built again on every change
    Serve(serve::Args),
    /// Write mediaTypeMappings.json
    Mapping(mapping::Args),
    /// Say what a change of the catalog means for those who use it
    Diff(diff::Args),
    /// Write configuration or data for another program
    Export(export::Args),
    /// List the types of the catalog
    Types(types::Args),
    /// Show one type
    Show(show::Args),
    /// Explain a rule
    Explain(explain::Args),
    /// List the rules
    Rules(rules::Args),
    /// Write a JSON Schema
    Schema(schema::Args),
    /// Write the lines of a CODEOWNERS file that the owners of entries imply
    Codeowners(codeowners::Args),
    /// Write a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Where a command writes, and how.
pub struct Io<'a> {
    /// Products.
    pub out: &'a mut dyn Write,
    /// Findings for people, and errors.
    pub err: &'a mut dyn Write,
    /// Whether what goes to `err` is coloured.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// Why a command could not work: wrong use, an input that can not be opened, output that can not be written.
#[derive(Debug)]
pub struct Failure {
    message: String,
    closed_pipe: bool,
}

impl Failure {
    /// A failure with what went wrong and what to do.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), closed_pipe: false }
    }

    /// A path that could not be used.
    #[must_use]
    pub fn path(path: &std::path::Path, error: &io::Error) -> Self {
        let shown = path.to_string_lossy();
        Self::new(format!("{}: {}", crate::source::text::visible(&shown), reason(error)))
    }
}

/// An error of the operating system without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self { message: reason(&error), closed_pipe: error.kind() == io::ErrorKind::BrokenPipe }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::new(format!("can not write JSON: {error}"))
    }
}

/// What a command gives: an exit code, or why it could not work.
pub type Outcome = Result<u8, Failure>;

/// Runs the program with the arguments, streams and environment of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let colored = |args: &Args| match args.global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && io::stderr().is_terminal(),
    };
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(80);
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { EXIT_FAILURE } else { EXIT_CLEAN };
            // A closed pipe is no failure.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut err = io::stderr().lock();
    let mut io = Io { color: colored(&args), out: &mut out, err: &mut err, width };
    let code = run(args, &mut io);
    ExitCode::from(code)
}

/// Runs a command and returns the exit code.
pub fn run(args: Args, io: &mut Io<'_>) -> u8 {
    let outcome = dispatch(args, io).and_then(|code| {
        io.out.flush()?;
        Ok(code)
    });
    match outcome {
        Ok(code) => code,
        Err(failure) if failure.closed_pipe => EXIT_CLEAN,
        Err(failure) => {
            let _ = writeln!(io.err, "error: {}", failure.message);
            EXIT_FAILURE
        }
    }
}

fn dispatch(args: Args, io: &mut Io<'_>) -> Outcome {
    let Args { global, command } = args;
    match command {
        Command::Lint(args) => lint::run(&args, &global, io),
        Command::Identify(args) => identify::run(&args, &global, io),
        Command::List(args) => list::run(&args, &global, io),
        Command::Publish(args) => publish::publish(&args, &global, io),
        Command::Pull(args) => publish::pull(&args, io),
        Command::Portability(args) => portability::run(&args, &global, io),
        Command::New(args) => new::run(&args, &global, io),
        Command::Build(args) => build::run(&args, &global, io),
        Command::Serve(args) => serve::run(&args, &global, io),
        Command::Mapping(args) => mapping::run(&args, &global, io),
        Command::Diff(args) => diff::run(&args, &global, io),
        Command::Export(args) => export::run(&args, &global, io),
        Command::Types(args) => types::run(&args, &global, io),
        Command::Show(args) => show::run(&args, &global, io),
        Command::Explain(args) => explain::run(&args, io),
        Command::Rules(args) => rules::run(&args, io),
        Command::Schema(args) => schema::run(&args, &global, io),
        Command::Codeowners(args) => codeowners::run(&args, &global, io),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "oat", &mut script);
            io.out.write_all(&script)?;
            Ok(EXIT_CLEAN)
        }
    }
}
