//! The console blocks of README.md show what really happens.

use std::fs;

use crate::harness::{World, root};

/// Blocks fenced as `console`: lines that begin with `$ ` are commands, the lines behind them their output.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), String::new())),
                (None, Some((_, output))) => {
                    output.push_str(line);
                    output.push('\n');
                }
                (None, None) => panic!("output before any command"),
            },
            _ => {}
        }
    }
    commands
}

#[test]
fn console_blocks_print_what_they_show() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let blocks = blocks(&readme);
    assert!(blocks.len() >= 4);
    let world = World::new();
    let copy = |from: &str, to: &str| {
        let text = fs::read(root().join(from)).unwrap();
        fs::create_dir_all(world.path(to).parent().unwrap()).unwrap();
        fs::write(world.path(to), text).unwrap();
    };
    for path in crate::harness::files("types") {
        let relative = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        copy(&relative, &relative);
    }
    // The selection that the page shows is the one that its commands name.
    let selection = readme.split("```yaml\n").find(|block| block.starts_with("default:")).unwrap();
    fs::write(world.path("selection.yaml"), selection.split("```").next().unwrap()).unwrap();
    let mut ran = 0;
    for (command, output) in blocks {
        // What needs a network, a toolchain or another program is shown, not run.
        let Some(arguments) = command.strip_prefix("oat ").or_else(|| command.strip_prefix("cargo run --release -- "))
        else {
            continue;
        };
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let run = world.run(&arguments);
        // The catalog grows: counts are those of the day, and not compared.
        let uncounted = |text: &str| -> String {
            let hash = |c: char| if c.is_ascii_digit() { '#' } else { c };
            let line = |line: &str| -> String {
                let counts = line.starts_with("no findings in") || line.contains(" files for ");
                if counts { line.chars().map(hash).collect() } else { line.to_owned() }
            };
            text.lines().map(line).collect::<Vec<String>>().join("\n").replace("##", "#").replace("##", "#")
        };
        let shown = uncounted(&format!("{}{}", run.out, run.err));
        snapbox::assert_data_eq!(shown, snapbox::Data::text(uncounted(&output)).raw());
        ran += 1;
    }
    assert!(ran >= 4, "only {ran} commands of the README were run");
}

#[test]
fn signing_is_shown_as_the_catalog_says() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let catalog = oci_artifact_types::catalog::embedded::catalog();
    let own = catalog.get("artifact-type-catalog").unwrap();
    let signing: Vec<String> =
        own.actions.iter().filter(|action| action.title == "Sign").map(|action| action.argv.join(" ")).collect();
    assert_eq!(signing.len(), 2);
    for line in signing {
        let shown = line.replace("{reference}", "registry.example.com/catalogs/types@sha256:DIGEST");
        assert!(readme.lines().any(|line| line == shown), "{shown}");
    }
}
