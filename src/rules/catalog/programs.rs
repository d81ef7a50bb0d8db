//! The programs that commands of the catalog may begin with, kept by the maintainers.
//!
//! A program comes onto the list by a pull request that shows its home page and that it deals with artifacts of a
//! registry. Shells, interpreters and wrappers never do: they run whatever stands behind them.

/// A program of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Its name, as it is typed.
    pub name: &'static str,
    /// Its home page.
    pub home: &'static str,
    /// Options and sub-commands that no command of the catalog gives it: they reach beyond the artifact, run code
    /// that is not in it, or switch verification off. An option of one letter is also found among other letters.
    pub forbidden: &'static [&'static str],
}

/// What opens the machine to a container, or sends a command to another machine.
const CONTAINER: &[&str] = &[
    "--add-host",
    "--allow",
    "--cap-add",
    "--device",
    "--entrypoint",
    "--env-file",
    "--host",
    "--insecure-registry",
    "--ipc",
    "--mount",
    "--net",
    "--network",
    "--pid",
    "--privileged",
    "--runtime",
    "--security-opt",
    "--userns",
    "--uts",
    "--volume",
    "--volumes-from",
    "-H",
    "-v",
    "exec",
];
/// What opens the machine to a container of Apptainer or Singularity.
const APPTAINER: &[&str] = &["--bind", "--fakeroot", "--mount", "--writable", "-B", "exec", "--no-https", "--nohttps"];
/// What switches TLS or the check of a certificate off.
const INSECURE: &[&str] = &[
    "--allow-http",
    "--allow-http-registry",
    "--allow-insecure",
    "--allow-insecure-registry",
    "--insecure",
    "--insecure-ignore-sct",
    "--insecure-ignore-tlog",
    "--insecure-registry",
    "--insecure-skip-tls-verify",
    "--insecure-skip-verify",
    "--no-check-certificate",
    "--password",
    "--plain-http",
    "--registry-insecure",
    "--skip-tls-verify",
];
/// What switches the check of a certificate, or of signatures, off for the containers/image family.
const SKOPEO: &[&str] = &["--dest-tls-verify", "--insecure-policy", "--policy", "--src-tls-verify", "--tls-verify"];
/// What runs other programs, or commands inside of a cluster.
const CLUSTER: &[&str] = &[
    "--insecure-skip-tls-verify",
    "--plain-http",
    "--post-renderer",
    "--privileged",
    "attach",
    "cp",
    "debug",
    "exec",
    "port-forward",
    "proxy",
];

/// The list, sorted by name.
pub static PROGRAMS: &[Program] = &[
    program("apptainer", "https://apptainer.org", APPTAINER),
    program("bicep", "https://github.com/Azure/bicep", &[]),
    program("bpfman", "https://bpfman.io", &[]),
    program("brew", "https://brew.sh", &["sh", "ruby", "irb"]),
    program("buildah", "https://buildah.io", CONTAINER),
    program("buildctl", "https://github.com/moby/buildkit", &["--addr", "--allow"]),
    program("conftest", "https://www.conftest.dev", &[]),
    program("cosign", "https://github.com/sigstore/cosign", INSECURE),
    program("crane", "https://github.com/google/go-containerregistry", INSECURE),
    program("crossplane", "https://www.crossplane.io", INSECURE),
    program("ctr", "https://containerd.io", CONTAINER),
    program("ctr-remote", "https://github.com/containerd/stargz-snapshotter", CONTAINER),
    program("cue", "https://cuelang.org", &["cmd"]),
    program("devcontainer", "https://github.com/devcontainers/cli", &["exec"]),
    program("docker", "https://www.docker.com", CONTAINER),
    program("falcoctl", "https://falco.org", INSECURE),
    program("flux", "https://fluxcd.io", INSECURE),
    program("gator", "https://open-policy-agent.github.io/gatekeeper/", &[]),
    program("geranos", "https://github.com/macvmio/geranos", &["--insecure"]),
    program(
        "gh",
        "https://cli.github.com",
        &["alias", "api", "auth", "codespace", "extension", "gist", "repo", "secret", "ssh-key", "workflow"],
    ),
    program("grype", "https://github.com/anchore/grype", &[]),
    program("hauler", "https://hauler.dev", INSECURE),
    program("helm", "https://helm.sh", CLUSTER),
    program("ig", "https://inspektor-gadget.io", &["--verify-image", "--insecure-registries"]),
    program(
        "imgpkg",
        "https://carvel.dev/imgpkg/",
        &["--registry-insecure", "--registry-password", "--registry-verify-certs"],
    ),
    program("kcl", "https://www.kcl-lang.io", &[]),
    program("kit", "https://kitops.org", &["--plain-http", "--tls-verify"]),
    program("kraft", "https://unikraft.org", &["--no-prompt", "--volume", "-v"]),
    program("kubectl", "https://kubernetes.io/docs/reference/kubectl/", CLUSTER),
    program("kwctl", "https://www.kubewarden.io", &[]),
    program("kyverno", "https://kyverno.io", &[]),
    program("modctl", "https://github.com/modelpack/modctl", INSECURE),
    program("nerdctl", "https://github.com/containerd/nerdctl", CONTAINER),
    program("notation", "https://notaryproject.dev", &["--insecure-registry", "--password"]),
    program("nydusify", "https://github.com/dragonflyoss/nydus", &["--source-insecure", "--target-insecure"]),
    program("oat", "https://github.com/oci-artifact-types/oci-artifact-types", &["--plain-http", "--token-server"]),
    program("ocm", "https://ocm.software", &["execute"]),
    program("ocx", "https://ocx.sh", &["exec"]),
    program("ollama", "https://ollama.com", &["--insecure", "serve"]),
    program("opa", "https://www.openpolicyagent.org", &["exec"]),
    program("opm", "https://github.com/operator-framework/operator-registry", &["--skip-tls", "--use-http", "serve"]),
    program("oras", "https://oras.land", INSECURE),
    program("ormb", "https://github.com/kleveross/ormb", INSECURE),
    program("pack", "https://buildpacks.io", &["--docker-host", "--insecure-registry", "--network", "--volume"]),
    program("podman", "https://podman.io", CONTAINER),
    program("porter", "https://porter.sh", &["--allow-docker-host-access", "--insecure-registry"]),
    program("rad", "https://radapp.io", &[]),
    program("ramalama", "https://ramalama.ai", &["--privileged", "--tls-verify", "serve"]),
    program("regctl", "https://regclient.org", &["--host"]),
    program("sbx", "https://docs.docker.com/ai/sandboxes/", &["exec"]),
    program("singularity", "https://sylabs.io/singularity/", APPTAINER),
    program("skillctl", "https://github.com/redhat-et/skillimage", &["--tls-verify"]),
    program("skills-oci", "https://github.com/salaboy/skills-oci", &["--plain-http"]),
    program("skopeo", "https://github.com/containers/skopeo", SKOPEO),
    program("soci", "https://github.com/awslabs/soci-snapshotter", INSECURE),
    program("spin", "https://spinframework.dev", &["--insecure"]),
    program("syft", "https://github.com/anchore/syft", &[]),
    program("tart", "https://tart.run", &["--dir", "--insecure", "exec"]),
    program("thv", "https://github.com/stacklok/toolhive", &["run", "proxy", "serve"]),
    program("timoni", "https://timoni.sh", INSECURE),
    program("tkn", "https://tekton.dev", &["--remote-skip-tls"]),
    program("tofu", "https://opentofu.org", &["console"]),
    program("trivy", "https://trivy.dev", &["--insecure"]),
    program(
        "uds",
        "https://github.com/defenseunicorns/uds-cli",
        &["--insecure", "--skip-signature-validation", "run", "tools", "zarf"],
    ),
    program("umoci", "https://umo.ci", &[]),
    program("vendir", "https://carvel.dev/vendir/", &[]),
    program("vetu", "https://github.com/cirruslabs/vetu", &["--insecure"]),
    program("vexctl", "https://github.com/openvex/vexctl", &[]),
    program("vmlab", "https://github.com/VMLabDev/vmlab", &["exec", "ssh"]),
    program("wash", "https://wasmcloud.com", &["--insecure", "--insecure-skip-tls-verify", "--password"]),
    program("wasm-to-oci", "https://github.com/engineerd/wasm-to-oci", INSECURE),
    program("wkg", "https://github.com/bytecodealliance/wasm-pkg-tools", INSECURE),
    program(
        "zarf",
        "https://zarf.dev",
        &["--insecure", "--insecure-skip-tls-verify", "--plain-http", "--skip-signature-validation", "tools"],
    ),
];

const fn program(name: &'static str, home: &'static str, forbidden: &'static [&'static str]) -> Program {
    Program { name, home, forbidden }
}

/// The program with a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Program> {
    PROGRAMS.binary_search_by(|program| program.name.cmp(name)).ok().and_then(|at| PROGRAMS.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_well_formed() {
        assert!(PROGRAMS.is_sorted_by(|a, b| a.name < b.name));
        for program in PROGRAMS {
            assert_eq!(find(program.name), Some(program));
            assert!(
                program.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
            assert!(program.home.starts_with("https://"), "{}", program.name);
        }
        assert_eq!(find("Helm"), None);
    }
}
