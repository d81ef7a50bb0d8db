//! `oat identify`: what documents are.

use std::path::{Path, PathBuf};

use super::answers::{self, Format, Origin, Style, Written};
use super::input::{self, Input};
use super::registries::{self, DeepArgs, RegistryArgs};
use super::stream::{self, Source};
use super::{EXIT_CLEAN, EXIT_FINDINGS, Failure, Global, Io, Outcome, catalogs};
use crate::archive::Container;
use crate::catalog::folder::read_bounded;
use crate::identify::{Context, Descriptor, Facts, Identifier, surroundings};
use crate::layout::Layout;
use crate::registry::Client;
use crate::shape::MAX_JSON_BYTES;
use crate::source::text::decode;
use crate::source::{Problem, ProblemKind, Span};

/// Say what documents are
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Manifests, indexes, NDJSON streams, image layouts, folders of them, references to what registries hold, or `-`
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Form of the answers
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Also say what the answer rests on and which rules lost
    #[arg(long)]
    explain: bool,
    /// The tag that led to the document
    #[arg(long)]
    tag: Option<String>,
    /// File with the config blob of the document
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// File with the descriptor that the parent index holds for the document
    #[arg(long, value_name = "FILE")]
    parent: Option<PathBuf>,
    /// File with the manifest of a child of the index
    #[arg(long, value_name = "FILE")]
    child: Vec<PathBuf>,
    #[command(flatten)]
    deep: DeepArgs,
    #[command(flatten)]
    registry: RegistryArgs,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io<'_>) -> Outcome {
    let mut inputs = Vec::new();
    for path in &args.paths {
        inputs.extend(input::classify(path)?);
    }
    let identifier = Identifier::new(catalogs::load_rules(global)?);
    let read = |path: &PathBuf| -> Result<String, Failure> {
        let bytes = read_bounded(path, MAX_JSON_BYTES).map_err(|error| Failure::path(path, &error))?;
        decode(&bytes)
            .map(str::to_owned)
            .map_err(|problem| Failure::new(format!("{}: {}", catalogs::shown(path), problem.message)))
    };
    let wrong = |path: &PathBuf, what: &str| Failure::new(format!("{}: this is not {what}", catalogs::shown(path)));
    let config = match &args.config {
        Some(path) => Some(serde_json::from_str(&read(path)?).map_err(|_| wrong(path, "a JSON config blob"))?),
        None => None,
    };
    let parent_text = args.parent.as_ref().map(read).transpose()?;
    let parent = match (&parent_text, &args.parent) {
        (Some(text), Some(path)) => Some(Descriptor::read(text).map_err(|_| wrong(path, "a descriptor"))?),
        _ => None,
    };
    let child_texts = args.child.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut children = Vec::new();
    for (text, path) in child_texts.iter().zip(&args.child) {
        children.push(Facts::read(text).map_err(|_| wrong(path, "a manifest"))?);
    }
    let context = Context {
        tag: args.tag.as_deref(),
        config: config.as_ref(),
        parent: parent.as_ref(),
        children: &children,
        hopeful: false,
    };
    let style = Style { format: args.format, explain: args.explain };
    let client = args.registry.client();
    let mut run =
        Run { identifier: &identifier, context, style, client: &client, deep: args.deep, written: 0, failed: 0 };
    if args.format == Format::Json {
        io.out.write_all(b"{\"schemaVersion\":1,\"answers\":[")?;
    }
    for input in &inputs {
        run.input(input, io)?;
    }
    if args.format == Format::Json {
        io.out.write_all(b"]}\n")?;
    }
    Ok(if run.failed > 0 { EXIT_FINDINGS } else { EXIT_CLEAN })
}

struct Run<'a> {
    identifier: &'a Identifier,
    context: Context<'a>,
    style: Style,
    client: &'a Client,
    deep: DeepArgs,
    written: usize,
    failed: usize,
}

impl Run<'_> {
    fn input(&mut self, input: &Input, io: &mut Io<'_>) -> Result<(), Failure> {
        match input {
            Input::Catalog(types) => {
                for folder in (catalogs::Sources { types: types.clone(), overlays: Vec::new() }).list()?.listed.folders
                {
                    for file in folder.files.iter().filter(|file| file.name.starts_with("examples/")) {
                        let path = folder.path.join(&file.name);
                        let bytes =
                            read_bounded(&path, MAX_JSON_BYTES).map_err(|error| Failure::path(&path, &error))?;
                        self.one(&folder.shown(&file.name), &bytes, io)?;
                    }
                }
                Ok(())
            }
            Input::Selection(path) | Input::Registry(path) | Input::Entry(path) => {
                Err(Failure::new(format!("{}: an entry is no document; `oat show` shows it", catalogs::shown(path))))
            }
            Input::Layout(container) => self.layout(container, io),
            Input::Reference(text) => self.reference(text, io),
            Input::Document(path) => {
                let bytes = read_bounded(path, MAX_JSON_BYTES).map_err(|error| Failure::path(path, &error))?;
                self.one(&catalogs::shown(path), &bytes, io)
            }
            Input::Stream(path) => match stream::open(path)? {
                Source::One(bytes) => self.one(&catalogs::shown(path), &bytes, io),
                Source::Many(lines) => self.many(lines, path, io),
            },
        }
    }

    /// The manifests and indexes of a layout, each with what the layout knows about it.
    fn layout(&mut self, container: &Container, io: &mut Io<'_>) -> Result<(), Failure> {
        let layout = Layout::read(container);
        let shown = catalogs::shown(container.path());
        if let Some(failure) = &layout.failure {
            return Err(Failure::new(format!("{shown}: {failure}")));
        }
        if layout.is_docker_archive() {
            let message = "an archive of `docker save` without manifests; `oat lint` reads it";
            return Err(Failure::new(format!("{shown}: {message}")));
        }
        if !layout.files.contains_key("index.json") {
            return Err(Failure::new(format!("{shown}: an archive without `index.json` is no image layout")));
        }
        let (documents, _) = layout.documents();
        let own = self.context;
        for (at, document) in documents.iter().enumerate().skip(1) {
            let file = format!("{}/{}", shown.trim_end_matches('/'), document.path);
            let found = layout.files.get(&document.path).and_then(|file| file.digest.as_ref());
            if found.is_some_and(|found| Some(found) != document.digest.as_ref()) {
                return Err(Failure::new(format!("{file}: the content does not have the digest that its name says")));
            }
            surroundings::within(&layout, &documents, at, |context| {
                self.with(&Context { tag: own.tag.or(context.tag), ..*context }, &file, document.bytes, io)
            })?;
        }
        Ok(())
    }

    /// What a registry holds under a reference, with what the reference tells about it.
    fn reference(&mut self, text: &str, io: &mut Io<'_>) -> Result<(), Failure> {
        let remote = registries::read(self.client, text, self.deep)?;
        remote.fetched.text(&remote.reference)?;
        let own = self.context;
        remote.with_context(|text, context| {
            let context = Context {
                tag: own.tag.or(context.tag),
                config: own.config.or(context.config),
                parent: own.parent.or(context.parent),
                children: if own.children.is_empty() { context.children } else { own.children },
                hopeful: false,
            };
            self.with(&context, &remote.reference, text.as_bytes(), io)
        })
    }

    fn one(&mut self, file: &str, bytes: &[u8], io: &mut Io<'_>) -> Result<(), Failure> {
        let context = self.context;
        self.with(&context, file, bytes, io)
    }

    fn with(&mut self, context: &Context<'_>, file: &str, bytes: &[u8], io: &mut Io<'_>) -> Result<(), Failure> {
        let mut text = String::new();
        if self.style.format == Format::Json && self.written > 0 {
            text.push(',');
        }
        let origin = Origin { file, document: 0, several: false, line: 1, offset: 0 };
        let read = document(
            self.identifier,
            context,
            &self.style,
            origin,
            bytes,
            (&mut Facts::default(), &mut Written::default()),
            &mut text,
        );
        self.failed += usize::from(!read);
        self.written += 1;
        Ok(io.out.write_all(text.as_bytes())?)
    }

    fn many(&mut self, lines: stream::Lines, path: &Path, io: &mut Io<'_>) -> Result<(), Failure> {
        let file = catalogs::shown(path);
        let style = &self.style;
        let first = self.written == 0;
        let work = |block: &stream::Block| {
            let mut text = String::with_capacity(block.bytes.len() / 2);
            let mut failed = 0;
            let mut facts = Facts::default();
            let mut written = Written::default();
            for (index, bytes, (offset, line)) in block.documents() {
                if style.format == Format::Json && !(first && index == 0) {
                    text.push(',');
                }
                let origin = Origin { file: &file, document: index, several: true, line, offset };
                failed += usize::from(!document(
                    self.identifier,
                    &self.context,
                    style,
                    origin,
                    bytes,
                    (&mut facts, &mut written),
                    &mut text,
                ));
            }
            (text, failed)
        };
        stream::in_order(lines, path, work, |(text, failed)| {
            self.failed += failed;
            Ok(io.out.write_all(text.as_bytes())?)
        })?;
        self.written += 1;
        Ok(())
    }
}

/// Writes the answer for one document; tells whether it could be read. The memory of `facts` and what was
/// written are used again.
fn document<'b>(
    identifier: &Identifier,
    context: &Context<'_>,
    style: &Style,
    origin: Origin<'_>,
    bytes: &'b [u8],
    (facts, written): (&mut Facts<'b>, &mut Written),
    into: &mut String,
) -> bool {
    let problem = if bytes.len() > MAX_JSON_BYTES {
        let message = format!("the document has more than {MAX_JSON_BYTES} bytes");
        ("", Problem::new(ProblemKind::Size, Span::new(0, 0), message))
    } else {
        match decode(bytes) {
            Err(problem) => ("", problem),
            Ok(text) => match facts.read_into(text) {
                Ok(()) => {
                    answers::write(written, style, origin, identifier, facts, context, into);
                    return true;
                }
                Err(problem) => (text, *problem),
            },
        }
    };
    answers::write_error(style, origin, problem.0, &problem.1, into);
    false
}
