//! Compiles the catalog into compact data inside of the output folder: the rules in evaluation order, the entries,
//! and the files beside them. It reads with the program's own reader; nothing that it makes is committed.

#![expect(dead_code, unreachable_pub, reason = "the build needs a part of each of these modules")]

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

#[path = "src/source"]
mod source {
    pub mod pointer;
    pub mod problem;
    pub mod span;
    pub mod text;
    pub mod tree;
    pub mod yaml;
    pub use pointer::Pointer;
    pub use problem::{Problem, ProblemKind};
    pub use span::Span;
    pub use tree::{Member, Node, Value};
}
#[path = "src/oci"]
mod oci {
    pub mod spec;
    pub mod well_known;
}
#[path = "src/catalog"]
mod catalog {
    pub mod folder;
    pub mod model;
    pub mod order;
    pub mod predicate;
}

#[path = "src/parallel.rs"]
mod parallel;

use catalog::model::ArtifactType;
use catalog::order::RuleSet;

/// The folder of the table of registries.
const REGISTRIES: &str = "src/export/registries";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for input in ["types", REGISTRIES, "build.rs", "src/source", "src/oci", "src/catalog", "src/parallel.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let mut entries: Vec<ArtifactType> = Vec::new();
    let mut files = BTreeMap::new();
    for folder in catalog::folder::list(Path::new("types"), "types")?.folders {
        // A contributor's broken entry must not keep the linter that explains it from being built.
        let entry = match read(&folder) {
            Ok(entry) => entry,
            Err(reason) => {
                println!("cargo::warning={} is left out of the program: {reason}; run `oat lint`", folder.shown);
                continue;
            }
        };
        for file in folder.files.iter().filter(|file| file.name != "type.yaml") {
            let text = String::from_utf8(folder.read(&file.name, 1 << 20)?)?;
            files.insert(format!("{}/{}", folder.name, file.name), text);
        }
        entries.push(entry);
    }
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("rules.json"), serde_json::to_string(&RuleSet::new(&entries))?)?;
    let lines = entries.iter().map(|entry| Ok(format!("{} {}\n", entry.id, serde_json::to_string(entry)?)));
    fs::write(out.join("entries.txt"), lines.collect::<Result<String, serde_json::Error>>()?)?;
    fs::write(out.join("files.json"), serde_json::to_string(&files)?)?;
    fs::write(out.join("registries.json"), serde_json::to_string(&registries()?)?)?;
    Ok(())
}

/// The table of registries, as it is written; the program reads it with its types.
fn registries() -> Result<Vec<serde_json::Value>, Box<dyn std::error::Error>> {
    let mut registries = BTreeMap::new();
    for file in fs::read_dir(REGISTRIES)? {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let bytes = catalog::folder::read_bounded(&path, source::yaml::MAX_BYTES)?;
        match value(&bytes) {
            Ok(value) => drop(registries.insert(path, value)),
            Err(reason) => println!("cargo::warning={} is left out: {reason}; run `oat lint`", path.display()),
        }
    }
    Ok(registries.into_values().collect())
}

fn value(bytes: &[u8]) -> Result<serde_json::Value, String> {
    let text = source::text::decode(bytes).map_err(|problem| problem.message)?;
    let (tree, problems) = source::yaml::read(text);
    if let Some(problem) = problems.first() {
        return Err(problem.message.clone());
    }
    Ok(tree.ok_or("it is empty")?.to_json())
}

fn read(folder: &catalog::folder::Folder) -> Result<ArtifactType, String> {
    let bytes = folder.read("type.yaml", source::yaml::MAX_BYTES).map_err(|error| error.to_string())?;
    let entry: ArtifactType = serde_json::from_value(value(&bytes)?).map_err(|error| error.to_string())?;
    if entry.id == folder.name { Ok(entry) } else { Err("its id is not the folder's name".to_owned()) }
}
