//! The program `oat`: parses nothing, decides nothing, calls the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    oci_artifact_types::cli::main()
}
