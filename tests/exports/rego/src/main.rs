//! Runs Rego: `rego test FOLDER` every rule that begins with `test_`, `rego deny FOLDER MANIFEST` the messages of the
//! rule on a manifest. A folder holds `data.json` and the `.rego` files.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use regorus::{Engine, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test", folder] => test(Path::new(folder)),
        ["deny", folder, manifest] => deny(Path::new(folder), Path::new(manifest)),
        _ => Err("usage: rego test FOLDER | rego deny FOLDER MANIFEST".into()),
    }
}

fn engine(folder: &Path) -> Result<Engine, Box<dyn Error>> {
    let mut engine = Engine::new();
    engine.set_rego_v0(false);
    engine.add_data(Value::from_json_file(folder.join("data.json"))?)?;
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rego"));
    paths.sort();
    for path in paths {
        engine.add_policy(path.display().to_string(), fs::read_to_string(&path)?)?;
    }
    Ok(engine)
}

fn test(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut tests = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.to_string_lossy().ends_with("_test.rego") {
            continue;
        }
        let text = fs::read_to_string(path)?;
        let package = text.lines().find_map(|line| line.strip_prefix("package ")).ok_or("no package")?.to_owned();
        let names = text.lines().filter(|line| line.starts_with("test_"));
        tests.extend(names.filter_map(|line| line.split(' ').next()).map(|name| format!("data.{package}.{name}")));
    }
    if tests.is_empty() {
        return Err("no test was found".into());
    }
    for name in &tests {
        let value = engine(folder)?.eval_rule(name.clone())?;
        if value != Value::from(true) {
            return Err(format!("{name} is {value}").into());
        }
    }
    println!("{} tests", tests.len());
    Ok(())
}

fn deny(folder: &Path, manifest: &Path) -> Result<(), Box<dyn Error>> {
    let mut engine = engine(folder)?;
    let mut input = Value::new_object();
    input.as_object_mut()?.insert("manifest".into(), Value::from_json_file(manifest)?);
    engine.set_input(input);
    let allow = engine.eval_rule("data.oci_artifact_policy.allow".to_owned())?;
    let deny = engine.eval_rule("data.oci_artifact_policy.deny".to_owned())?;
    println!("{}", Value::from(vec![allow, deny]).to_json_str()?);
    Ok(())
}
