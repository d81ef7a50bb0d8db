//! Who asks: what a registry's challenge demands, got from its token server or from the stored credentials.
//!
//! Nothing secret is sent before a registry asks for it, and it goes to the registry's own origin, or to the token
//! server that the registry names when this is a public one over https or one that the user allowed for that registry.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_auth::ChallengeParser;
use serde::Deserialize;
use ureq::http::{Method, header};

use super::credentials::{self, Credential};
use super::failure::{Failure, Kind};
use super::origin::Origin;
use super::wire::{Answer, Request, Secret, Wire};
use crate::oci::url::query_value;

/// Most bytes of the answer of a token server.
const MAX_TOKEN: usize = 64 * 1024;

/// What may be done in a repository, or with a registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    pub(super) registry: String,
    pub(super) repository: String,
    /// In the form of [distribution's scopes](https://distribution.github.io/distribution/spec/auth/scope/).
    pub(super) text: String,
}

/// A challenge ([RFC 9110, section 11.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.3)).
#[derive(Debug, Clone, PartialEq, Eq)]
enum Challenge {
    Basic,
    Bearer { realm: String, service: Option<String>, scope: Option<String> },
}

/// A token server that the user allows for a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenServer {
    /// The registry as references name it.
    pub registry: String,
    /// The server: its address, of which scheme, host and port count.
    pub url: String,
}

/// What was learned of registries, and the headers that they accepted.
#[derive(Debug)]
pub(super) struct Auth {
    allowed: Vec<TokenServer>,
    headers: Mutex<HashMap<(Origin, Scope), Secret>>,
}

/// The answer of a token server
/// ([token authentication](https://distribution.github.io/distribution/spec/auth/token/#token-response-fields)).
#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

impl Auth {
    pub(super) fn new(allowed: Vec<TokenServer>) -> Self {
        Self { allowed, headers: Mutex::default() }
    }

    /// The header that was accepted before.
    pub(super) fn header(&self, origin: &Origin, scope: &Scope) -> Option<Secret> {
        self.headers.lock().ok()?.get(&(origin.clone(), scope.clone())).cloned()
    }

    /// The header that answers a challenge; `None` when nothing better than `used` can be had.
    pub(super) fn answer(
        &self,
        wire: &Wire,
        origin: &Origin,
        scope: &Scope,
        denied: &Answer,
        used: Option<&Secret>,
    ) -> Result<Option<Secret>, Failure> {
        // One token is fetched at a time: who waited for it takes what the other one got.
        let mut headers = self.headers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let key = (origin.clone(), scope.clone());
        if let Some(held) = headers.get(&key).filter(|held| Some(*held) != used) {
            return Ok(Some(held.clone()));
        }
        let credential = credentials::find(&scope.registry, &scope.repository)?;
        match (challenge(denied), credential) {
            (None, _) | (Some(Challenge::Basic), None | Some(Credential::Identity(_))) => Ok(None),
            (Some(Challenge::Basic), Some(Credential::Password(user, password))) => {
                let header = basic(&user, &password);
                if used == Some(&header) {
                    return Ok(None);
                }
                // A password for a part of the registry must not be tried elsewhere in it.
                headers.insert(key, header.clone());
                Ok(Some(header))
            }
            (Some(Challenge::Bearer { realm, service, scope: asked }), credential) => {
                let ask = Ask { realm: &realm, service, scope: asked.unwrap_or_else(|| scope.text.clone()) };
                let header = self.token(wire, origin, scope, &ask, credential.as_ref())?;
                headers.insert(key, header.clone());
                Ok(Some(header))
            }
        }
    }

    /// Gets a token from the server that the registry names.
    fn token(
        &self,
        wire: &Wire,
        origin: &Origin,
        scope: &Scope,
        ask: &Ask<'_>,
        credential: Option<&Credential>,
    ) -> Result<Secret, Failure> {
        let what = format!("the token server of {}", scope.registry);
        let server = Origin::of_url(ask.realm)
            .ok_or_else(|| Failure::new(Kind::Address, format!("{what}: its address can not be asked")))?;
        let allowed =
            |one: &TokenServer| one.registry == scope.registry && Origin::of_url(&one.url).as_ref() == Some(&server);
        let trusted = server == *origin || self.allowed.iter().any(allowed);
        let may = server.secure || trusted && server.is_here();
        if !may {
            let message = format!(
                "{what} is {}, which credentials are not sent to: it is neither the registry itself nor reached over \
                 https. If you trust it, give `--token-server {}={}`",
                server.written(),
                scope.registry,
                server.written(),
            );
            return Err(Failure::new(Kind::Address, message));
        }
        let mut query = vec![("scope", ask.scope.as_str())];
        query.extend(ask.service.as_deref().map(|service| ("service", service)));
        let form;
        let mut request = Request::get(&what, String::new(), MAX_TOKEN);
        request.elsewhere = !trusted;
        match credential {
            Some(Credential::Identity(Secret(token))) => {
                query.extend([("grant_type", "refresh_token"), ("client_id", "oat"), ("refresh_token", token)]);
                form = encoded(&query);
                request.method = Method::POST;
                ask.realm.clone_into(&mut request.url);
                request.body = Some((form.as_bytes(), "application/x-www-form-urlencoded"));
            }
            Some(Credential::Password(user, password)) => {
                request.url = with_query(ask.realm, &query);
                request.authorization = Some(basic(user, password));
            }
            None => request.url = with_query(ask.realm, &query),
        }
        let answer = wire.send(&request).map_err(|failure| explained(failure, scope, &server))?;
        // What a token server says may repeat what it was sent: none of it is shown.
        let with = if credential.is_some() { "the stored credentials" } else { "no credentials" };
        let refused = |why: String| Failure::new(Kind::Denied, format!("{what}: {why}"));
        if answer.status != 200 {
            return Err(refused(format!("it answered {} to {with}; log in again, with any client", answer.status)));
        }
        let token: Option<Token> = serde_json::from_slice(&answer.body).ok();
        let token = token.and_then(|token| token.token.or(token.access_token)).filter(|token| !token.is_empty());
        let token = token.filter(|token| token.bytes().all(|b| b.is_ascii_graphic()));
        token.map(|token| Secret(format!("Bearer {token}"))).ok_or_else(|| refused("it gave no token".to_owned()))
    }
}

/// What is asked of a token server.
struct Ask<'a> {
    realm: &'a str,
    service: Option<String>,
    scope: String,
}

/// A refused address of a token server, with what the user can do.
fn explained(failure: Failure, scope: &Scope, server: &Origin) -> Failure {
    if failure.kind != Kind::Address {
        return failure;
    }
    let message = format!(
        "the token server of {} is {}, whose address is not public: credentials are not sent to it. If you trust it, \
         give `--token-server {}={}`",
        scope.registry,
        server.written(),
        scope.registry,
        server.written(),
    );
    Failure::new(Kind::Address, message)
}

fn basic(user: &str, Secret(password): &Secret) -> Secret {
    Secret(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}

/// The challenge of an answer: tokens before passwords.
fn challenge(answer: &Answer) -> Option<Challenge> {
    let mut found = None;
    for value in answer.headers.get_all(header::WWW_AUTHENTICATE) {
        let Ok(text) = value.to_str() else { continue };
        for challenge in ChallengeParser::new(text).map_while(Result::ok) {
            let param = |name: &str| {
                let mut params = challenge.params.iter();
                params.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_unescaped())
            };
            if challenge.scheme.eq_ignore_ascii_case("bearer")
                && let Some(realm) = param("realm")
            {
                return Some(Challenge::Bearer { realm, service: param("service"), scope: param("scope") });
            }
            if challenge.scheme.eq_ignore_ascii_case("basic") {
                found = Some(Challenge::Basic);
            }
        }
    }
    found
}

/// Names and values in the form of a query
/// ([URL, application/x-www-form-urlencoded](https://url.spec.whatwg.org/#application/x-www-form-urlencoded)).
fn encoded(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        text.push_str(&query_value(value));
    }
    text
}

fn with_query(url: &str, pairs: &[(&str, &str)]) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{}", encoded(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::HeaderMap;

    fn of(values: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::WWW_AUTHENTICATE, value.parse().unwrap());
        }
        challenge(&Answer { status: 401, headers, body: Vec::new() })
    }

    #[test]
    fn challenges_are_read() {
        let bearer = Challenge::Bearer {
            realm: "https://auth.example/token".into(),
            service: Some("r\"x".into()),
            scope: Some("repository:a:pull".into()),
        };
        let text = r#"bearer Realm="https://auth.example/token",service="r\"x",scope="repository:a:pull""#;
        assert_eq!(of(&[text]), Some(bearer.clone()));
        assert_eq!(of(&["Basic realm=\"x\"", text]), Some(bearer));
        assert_eq!(of(&["Basic realm=\"x\""]), Some(Challenge::Basic));
        for odd in ["", "Bearer", "Bearer realm", "Digest realm=\"x\", nonce=\"y\"", "Bearer service=\"x\"", "=,=\""] {
            assert_eq!(of(&[odd]), None, "{odd}");
        }
    }

    #[test]
    fn a_query_is_encoded() {
        let pairs = [("scope", "repository:a/b:pull,push"), ("service", "x & y=z")];
        let query = "scope=repository%3Aa%2Fb%3Apull%2Cpush&service=x%20%26%20y%3Dz";
        assert_eq!(with_query("https://a/token", &pairs), format!("https://a/token?{query}"));
        assert_eq!(with_query("https://a/token?x=1", &pairs), format!("https://a/token?x=1&{query}"));
    }
}
