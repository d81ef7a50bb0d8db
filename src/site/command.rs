//! Commands of actions, joined and quoted for a POSIX shell, with their placeholders in sight.

use crate::catalog::model::Action;

/// Placeholders that every action may use, with what stands for them.
pub(super) const PLACEHOLDERS: [(&str, &str); 7] = [
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
pub(super) enum Token<'a> {
    /// Text, quoted where the shell needs it.
    Text(String),
    /// A placeholder, without its braces.
    Placeholder(&'a str),
}

/// The command line of an action.
pub(super) fn tokens(action: &Action) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (at, argument) in action.argv.iter().enumerate() {
        if at > 0 {
            push_text(&mut tokens, " ");
        }
        match placeholder(action, argument) {
            Some((before, name, after)) => {
                quote(before, &mut tokens);
                tokens.push(Token::Placeholder(name));
                quote(after, &mut tokens);
            }
            None if argument.is_empty() => push_text(&mut tokens, "''"),
            None => quote(argument, &mut tokens),
        }
    }
    tokens
}

/// The known placeholders of an action, in the order of the list above.
pub(super) fn used(actions: &[Action]) -> Vec<(&'static str, &'static str)> {
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

fn push_text(tokens: &mut Vec<Token<'_>>, text: &str) {
    match tokens.last_mut() {
        Some(Token::Text(last)) => last.push_str(text),
        _ => tokens.push(Token::Text(text.to_owned())),
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

    fn line(argv: &[&str]) -> String {
        let input = Input { name: "pan".into(), kind: InputKind::Name, description: "x".into() };
        let action = Action {
            title: "x".into(),
            tool: "x".into(),
            argv: argv.iter().map(ToString::to_string).collect(),
            inputs: vec![input],
            documentation: None,
        };
        let text = |token: Token<'_>| match token {
            Token::Text(text) => text,
            Token::Placeholder(name) => format!("<{name}>"),
        };
        tokens(&action).into_iter().map(text).collect()
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
