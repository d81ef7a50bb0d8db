//! Commands of actions, joined and quoted for a POSIX shell, with their placeholders in sight.

use super::model::Action;
use crate::oci::digest::is_digest;
use crate::oci::reference::Reference;

/// Placeholders that every action may use, with what stands for them.
pub const PLACEHOLDERS: [(&str, &str); 7] = [
    ("reference", "registry and repository with :tag or @digest, such as registry.example.com/app:1.0"),
    ("location", "registry and repository, such as registry.example.com/app"),
    ("registry", "the registry, such as registry.example.com"),
    ("repository", "the repository within the registry"),
    ("name", "the last segment of the repository"),
    ("tag", "the tag"),
    ("digest", "the digest, such as sha256:2c26b46b…"),
];

/// A piece of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text, quoted where the shell needs it.
    Text(String),
    /// A placeholder, without its braces.
    Placeholder(&'a str),
}

impl std::fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Placeholder(name) => write!(f, "{{{name}}}"),
        }
    }
}

/// What stands for the placeholders where a reference is known.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    registry: &'a str,
    repository: &'a str,
    tag: Option<&'a str>,
    digest: &'a str,
    /// Whether the reference ends in a digest.
    by_digest: bool,
}

impl<'a> Values<'a> {
    /// The values of a reference to a document of a digest; `None` unless it is whole and keeps to the grammar.
    #[must_use]
    pub fn new(reference: &Reference<'a>, digest: &'a str) -> Option<Self> {
        let wrong = reference.scheme.is_some()
            || reference.domain_wrong().is_some()
            || reference.path_wrong().is_some()
            || reference.tag_wrong().is_some()
            || reference.digest_wrong().is_some()
            || !is_digest(digest);
        let registry = reference.domain.filter(|_| !wrong)?.text;
        let tag = reference.tag.map(|tag| tag.text);
        Some(Self { registry, repository: reference.path.text, tag, digest, by_digest: reference.digest.is_some() })
    }

    /// The value of a placeholder, when the reference has one.
    fn get(&self, name: &str) -> Option<String> {
        let location = [self.registry, "/", self.repository];
        Some(match name {
            "reference" => match self.tag {
                Some(tag) if !self.by_digest => [&location[..], &[":", tag]].concat().concat(),
                _ => [&location[..], &["@", self.digest]].concat().concat(),
            },
            "location" => location.concat(),
            "registry" => self.registry.to_owned(),
            "repository" => self.repository.to_owned(),
            "name" => self.repository.rsplit('/').next().unwrap_or_default().to_owned(),
            "tag" => self.tag?.to_owned(),
            "digest" => self.digest.to_owned(),
            _ => return None,
        })
    }
}

/// The command line of an action for a reference: only inputs are left as placeholders. `None` when it asks for what
/// the reference does not have.
#[must_use]
pub fn filled<'a>(action: &'a Action, values: &Values<'_>) -> Option<Vec<Token<'a>>> {
    let mut tokens = Vec::new();
    for (at, argument) in action.argv.iter().enumerate() {
        if at > 0 {
            push_text(&mut tokens, " ");
        }
        match placeholder(action, argument) {
            Some((before, name, after)) if PLACEHOLDERS.iter().any(|(known, _)| *known == name) => {
                let value = values.get(name)?;
                if before.is_empty() && after.is_empty() {
                    quote(&value, &mut tokens);
                } else {
                    quote(&[before, &value, after].concat(), &mut tokens);
                }
            }
            found => argument_tokens(argument, found, &mut tokens),
        }
    }
    Some(tokens)
}

/// The command line of an action.
#[must_use]
pub fn tokens(action: &Action) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (at, argument) in action.argv.iter().enumerate() {
        if at > 0 {
            push_text(&mut tokens, " ");
        }
        argument_tokens(argument, placeholder(action, argument), &mut tokens);
    }
    tokens
}

/// One argument, with the placeholder that was found in it.
fn argument_tokens<'a>(argument: &str, found: Option<(&'a str, &'a str, &'a str)>, tokens: &mut Vec<Token<'a>>) {
    match found {
        Some((before, name, after)) => {
            quote(before, tokens);
            tokens.push(Token::Placeholder(name));
            quote(after, tokens);
        }
        None if argument.is_empty() => push_text(tokens, "''"),
        None => quote(argument, tokens),
    }
}

/// The known placeholders of an action, in the order of the list above.
#[must_use]
pub fn used(actions: &[Action]) -> Vec<(&'static str, &'static str)> {
    let uses = |name: &str| {
        actions.iter().any(|action| {
            action.argv.iter().any(|argument| placeholder(action, argument).is_some_and(|(_, found, _)| found == name))
        })
    };
    PLACEHOLDERS.into_iter().filter(|(name, _)| uses(name)).collect()
}

/// The one placeholder of an argument: what stands before it, its name, what stands behind it.
fn placeholder<'a>(action: &Action, argument: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, rest) = argument.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    let known =
        PLACEHOLDERS.iter().any(|(known, _)| *known == name) || action.inputs.iter().any(|input| input.name == name);
    known.then_some((before, name, after))
}

/// Bytes that a text is given room for.
const LINE: usize = 96;

fn push_text(tokens: &mut Vec<Token<'_>>, text: &str) {
    if let Some(Token::Text(last)) = tokens.last_mut() {
        last.push_str(text);
    } else {
        // Most of a command is one text.
        let mut first = String::with_capacity(text.len().max(LINE));
        first.push_str(text);
        tokens.push(Token::Text(first));
    }
}

/// Quotes literal text for a POSIX shell when it holds anything but plain characters.
fn quote(text: &str, tokens: &mut Vec<Token<'_>>) {
    if text.is_empty() {
        return;
    }
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b"@%+=:,./_-".contains(&b)) {
        push_text(tokens, text);
    } else {
        push_text(tokens, &format!("'{}'", text.replace('\'', "'\\''")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::model::{Input, InputKind};
    use crate::oci::reference::{Part, Reference};

    fn action(argv: &[&str]) -> Action {
        let input = Input { name: "pan".into(), kind: InputKind::Name, description: "x".into() };
        Action {
            title: "x".into(),
            tool: "x".into(),
            argv: argv.iter().map(ToString::to_string).collect(),
            inputs: vec![input],
            documentation: None,
        }
    }

    fn text(tokens: Vec<Token<'_>>) -> String {
        let text = |token: Token<'_>| match token {
            Token::Text(text) => text,
            Token::Placeholder(name) => format!("<{name}>"),
        };
        tokens.into_iter().map(text).collect()
    }

    fn line(argv: &[&str]) -> String {
        text(tokens(&action(argv)))
    }

    #[test]
    fn a_reference_fills_what_it_tells() {
        let digest = "sha256:".to_owned() + &"0".repeat(64);
        let line = |argv: &[&str], reference: &str| {
            let values = Values::new(&Reference::split(reference), &digest)?;
            Some(text(filled(&action(argv), &values)?))
        };
        let argv = ["helm", "pull", "oci://{location}", "--version={tag}", "{name}", "{pan}"];
        let filled = line(&argv, "example.com:5000/a/b:1.0").unwrap();
        assert_eq!(filled, "helm pull oci://example.com:5000/a/b --version=1.0 b <pan>");
        assert_eq!(line(&argv, &format!("example.com/a@{digest}")), None, "there is no tag");
        let by_digest = line(&["x", "{reference}"], &format!("example.com/a:1@{digest}")).unwrap();
        assert_eq!(by_digest, format!("x example.com/a@{digest}"));
        for wrong in [
            "a/b:1",
            "example.com/A:1",
            "example.com/a:$(x)",
            "https://example.com/a:1",
            "",
            "-x/y",
            "example.com/a:1@md5",
        ] {
            assert_eq!(line(&["x", "{reference}"], wrong), None, "{wrong}");
        }
    }

    #[test]
    fn arguments_are_joined_and_quoted() {
        assert_eq!(
            line(&["helm", "pull", "oci://{location}", "--version", "{tag}"]),
            "helm pull oci://<location> --version <tag>"
        );
        assert_eq!(line(&["a", "", "b c", "it's", "$x"]), "a '' 'b c' 'it'\\''s' '$x'");
        assert_eq!(line(&["a", "--x=a b {pan}", "{other}"]), "a '--x=a b '<pan> '{other}'");
    }

    /// The values that the script of the pages is checked with in a browser.
    fn shared() -> serde_json::Value {
        serde_json::from_str(include_str!("../../tests/pages/checks/commands.json")).unwrap()
    }

    #[test]
    fn values_are_quoted_as_the_pages_quote_them() {
        for pair in shared()["quoting"].as_array().unwrap() {
            let mut tokens = Vec::new();
            quote(pair[0].as_str().unwrap(), &mut tokens);
            assert_eq!(tokens, [Token::Text(pair[1].as_str().unwrap().to_owned())]);
        }
    }

    #[test]
    fn references_are_taken_apart_as_the_pages_do() {
        let part = |part: Option<Part<'_>>| part.map(|part| part.text.to_owned());
        let good = |text: &str| {
            let found = Reference::split(text);
            let wrong = [found.domain_wrong(), found.path_wrong(), found.tag_wrong(), found.digest_wrong()];
            found.scheme.is_none() && found.domain.is_some() && wrong.iter().all(Option::is_none)
        };
        let shared = shared();
        for vector in shared["references"].as_array().unwrap() {
            let text = vector["text"].as_str().unwrap();
            let found = Reference::split(text);
            let expected = |name: &str| vector[name].as_str().map(str::to_owned);
            assert!(good(text), "{text}");
            assert_eq!(part(found.domain), expected("registry"));
            assert_eq!(Some(found.path.text.to_owned()), expected("repository"));
            assert_eq!((part(found.tag), part(found.digest)), (expected("tag"), expected("digest")));
        }
        for text in shared["refused"].as_array().unwrap() {
            assert!(!good(text.as_str().unwrap()), "{text}");
        }
    }
}
