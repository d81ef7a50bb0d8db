//! Credentials of registries, from where other clients keep them: the files of Docker and of Podman, and the helper
//! programs that these name.
//!
//! A credential is for exactly one registry, host and port, and for a part of its repositories where a file says so.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use docker_credential::{CredentialRetrievalError, DockerCredential};
use serde::{Deserialize, Serialize};

use super::failure::{Failure, Kind};
use super::wire::Secret;

/// Largest file of credentials.
const MAX_BYTES: u64 = 1 << 20;
/// How files of Docker call Docker Hub.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// A user with a password.
    Password(String, Secret),
    /// A token that a token server takes for further ones.
    Identity(Secret),
}

/// What the files hold that concerns registries.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default)]
    auths: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    cred_helpers: BTreeMap<String, String>,
    #[serde(default)]
    creds_store: Option<String>,
}

/// What is handed to the library: one registry, and one way to its credential.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Chosen<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    auths: BTreeMap<&'a str, &'a serde_json::Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    cred_helpers: BTreeMap<&'a str, &'a str>,
}

/// The credential for a repository, when one of the files has one.
pub(super) fn find(registry: &str, repository: &str) -> Result<Option<Credential>, Failure> {
    for path in files() {
        let Some(bytes) = read(&path)? else { continue };
        let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let wrong = |why: &str| Failure::new(Kind::Credentials, format!("{shown} with credentials: {why}"));
        let config: Config = serde_json::from_slice(&bytes).map_err(|_| wrong("it is no JSON of the known form"))?;
        if let Some(found) = of_config(&config, registry, repository).map_err(|why| wrong(&why))? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The files in which clients keep credentials, the most particular first.
fn files() -> Vec<PathBuf> {
    if let Some(file) = env::var_os("REGISTRY_AUTH_FILE") {
        return vec![file.into()];
    }
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = folder("HOME");
    let docker = folder("DOCKER_CONFIG").or_else(|| home.as_ref().map(|home| home.join(".docker")));
    let run = folder("XDG_RUNTIME_DIR").map(|run| run.join("containers/auth.json"));
    let config = folder("XDG_CONFIG_HOME").or_else(|| home.map(|home| home.join(".config")));
    [docker.map(|docker| docker.join("config.json")), run, config.map(|config| config.join("containers/auth.json"))]
        .into_iter()
        .flatten()
        .collect()
}

/// The bytes of a file that there may be.
fn read(path: &PathBuf) -> Result<Option<Vec<u8>>, Failure> {
    let Ok(file) = File::open(path) else { return Ok(None) };
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    if read.is_err() || bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::new(Kind::Credentials, "a file with credentials can not be read, or is too large"));
    }
    Ok(Some(bytes))
}

fn of_config(config: &Config, registry: &str, repository: &str) -> Result<Option<Credential>, String> {
    let names = names(registry, repository);
    let mut chosen = Chosen::default();
    // A helper for the registry goes before a stored password, and this before the helper for everything.
    let helper = names.iter().find_map(|name| Some((name.as_str(), config.cred_helpers.get(name)?.as_str())));
    let stored = names.iter().find_map(|name| {
        let value = config.auths.get(name)?;
        // Where a helper keeps the credential, the entry is empty.
        value.as_object().is_some_and(|fields| !fields.is_empty()).then_some((name.as_str(), value))
    });
    let server = match (helper, stored, &config.creds_store) {
        (Some((name, helper)), ..) => {
            chosen.cred_helpers.insert(name, helper_name(helper)?);
            name
        }
        (None, Some((name, value)), _) => {
            chosen.auths.insert(name, value);
            name
        }
        (None, None, Some(store)) if !store.is_empty() => {
            let name = if registry == "docker.io" { DOCKER_HUB } else { registry };
            chosen.cred_helpers.insert(name, helper_name(store)?);
            name
        }
        _ => return Ok(None),
    };
    let text = serde_json::to_vec(&chosen).map_err(|error| error.to_string())?;
    match docker_credential::get_credential_from_reader(text.as_slice(), server) {
        Ok(DockerCredential::UsernamePassword(user, password)) => {
            Ok(Some(Credential::Password(user, Secret(password))))
        }
        Ok(DockerCredential::IdentityToken(token)) => Ok(Some(Credential::Identity(Secret(token)))),
        Err(CredentialRetrievalError::NoCredentialConfigured) => Ok(None),
        // A helper says on its output that it has none; its words may hold anything and are not shown.
        Err(CredentialRetrievalError::HelperFailure { .. }) => Ok(None),
        Err(CredentialRetrievalError::HelperCommunicationError) => {
            Err(format!("the helper program that it names for {server} can not be run"))
        }
        Err(CredentialRetrievalError::MalformedHelperResponse) => {
            Err(format!("the helper program that it names for {server} gives no credential of the known form"))
        }
        Err(_) => Err(format!("what it holds for {server} can not be decoded")),
    }
}

/// The keys under which a credential for a repository may stand, the most particular first: Podman's with a part of the
/// repository, then the registry as Docker and Podman write it.
fn names(registry: &str, repository: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut part = repository;
    while !part.is_empty() {
        names.push(format!("{registry}/{part}"));
        part = part.rsplit_once('/').map_or("", |(above, _)| above);
    }
    names.push(registry.to_owned());
    if registry == "docker.io" {
        names.extend([DOCKER_HUB.to_owned(), "index.docker.io".to_owned(), "registry-1.docker.io".to_owned()]);
    } else {
        names.extend([format!("https://{registry}"), format!("https://{registry}/"), format!("http://{registry}")]);
    }
    names
}

/// A helper is a program of the search path, named by its last part: never a path.
fn helper_name(name: &str) -> Result<&str, String> {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if plain { Ok(name) } else { Err("the helper program that it names has letters that no such name has".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(config: serde_json::Value, registry: &str, repository: &str) -> Result<Option<Credential>, String> {
        of_config(&serde_json::from_value(config).unwrap(), registry, repository)
    }

    fn password(user: &str) -> Credential {
        Credential::Password(user.to_owned(), Secret("pw".to_owned()))
    }

    fn entry(user: &str) -> serde_json::Value {
        use base64::Engine as _;
        serde_json::json!({ "auth": base64::engine::general_purpose::STANDARD.encode(format!("{user}:pw")) })
    }

    #[test]
    fn a_credential_is_for_one_registry() {
        let config = serde_json::json!({ "auths": {
            "example.com": entry("a"), "example.com:5000": entry("b"), "https://index.docker.io/v1/": entry("hub") } });
        assert_eq!(found(config.clone(), "example.com", "x"), Ok(Some(password("a"))));
        assert_eq!(found(config.clone(), "example.com:5000", "x"), Ok(Some(password("b"))));
        assert_eq!(found(config.clone(), "docker.io", "library/x"), Ok(Some(password("hub"))));
        for other in ["evil-example.com", "example.com:443", "example.com.evil.org", "sub.example.com", "index.docker"]
        {
            assert_eq!(found(config.clone(), other, "x"), Ok(None), "{other}");
        }
    }

    #[test]
    fn the_most_particular_part_of_a_repository_decides() {
        let config = serde_json::json!({ "auths": {
            "example.com": entry("all"), "example.com/team": entry("team"), "example.com/team/app": entry("app") } });
        assert_eq!(found(config.clone(), "example.com", "team/app"), Ok(Some(password("app"))));
        assert_eq!(found(config.clone(), "example.com", "team/other/x"), Ok(Some(password("team"))));
        assert_eq!(found(config, "example.com", "teams"), Ok(Some(password("all"))));
    }

    #[test]
    fn a_helper_is_no_path() {
        for name in ["../../bin/sh", "a/b", "a b", "", "a;b", "é"] {
            let config = serde_json::json!({ "credHelpers": { "example.com": name } });
            assert!(found(config, "example.com", "x").is_err(), "{name}");
        }
        let config = serde_json::json!({ "credHelpers": { "example.com": "there-is-no-such-helper" } });
        assert!(found(config, "example.com", "x").unwrap_err().contains("can not be run"));
    }

    #[test]
    fn odd_entries_end_in_an_error_without_their_content() {
        let config = serde_json::json!({ "auths": { "example.com": { "auth": "c2VjcmV0" } } });
        let error = found(config, "example.com", "x").unwrap_err();
        assert!(error.contains("can not be decoded") && !error.contains("c2Vj"), "{error}");
        let token = serde_json::json!({ "auths": { "example.com": { "identitytoken": "t" } } });
        assert_eq!(found(token, "example.com", "x"), Ok(Some(Credential::Identity(Secret("t".to_owned())))));
    }
}
