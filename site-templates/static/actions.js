// Fills the reference and the inputs that the reader types into the commands of a page, quoted for a POSIX shell.
"use strict";
(() => {
  const KEY = "reference";
  const commands = [...document.querySelectorAll(".command")];
  const field = document.getElementById("reference");
  const MESSAGES = {
    scheme: "Leave out what stands before the registry, such as oci:// or https://.",
    host: "Begin with the registry: a host name with a dot or a port, or localhost.",
    port: "The port is a number.",
    path: "The repository has small letters and digits, with single separators . _ - between them.",
    long: "Registry and repository have at most 255 characters together.",
    tag: "A tag has at most 128 letters, digits, and . _ - behind the first.",
    digest: "A digest has an algorithm, a colon and all of its digits, such as sha256: and 64 of them.",
    space: "Leave out the spaces.",
  };

  // Grammar of the distribution specification, with a registry before the name.
  const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])$`);
  const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  const PATH = new RegExp(`^${PART}(?:/${PART})*$`);
  const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
  const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+$/;
  const DIGITS = { sha256: 64, sha512: 128, blake3: 64 };

  // Whether a text is a digest; of a registered algorithm, with the right number of digits.
  const isDigest = (text) => {
    const [algorithm, encoded] = text.split(/:(.*)/s);
    if (!Object.hasOwn(DIGITS, algorithm)) return DIGEST.test(text);
    return encoded?.length === DIGITS[algorithm] && /^[0-9a-f]+$/.test(encoded);
  };

  // Host and port of what stands before the first slash; nothing when it names no registry.
  const registryOf = (text) => {
    const found = /^(\[[^\]]*\]|[^:]*)(:.*)?$/s.exec(text);
    if (!found || !HOST.test(found[1])) return { wrong: "host" };
    const [, host, port] = found;
    if (port !== undefined && !/^:[0-9]+$/.test(port)) return { wrong: "port" };
    return host.includes(".") || host.startsWith("[") || host === "localhost" || port ? {} : { wrong: "host" };
  };

  // The parts of a reference by the names of the placeholders, or what is wrong with it.
  const parse = (text) => {
    if (/\s/.test(text)) return { wrong: "space" };
    if (text.includes("://")) return { wrong: "scheme" };
    const [named, digest] = text.split(/@(.*)/s);
    const [registry, rest] = named.split(/\/(.*)/s);
    const { wrong } = registryOf(registry);
    if (wrong) return { wrong };
    if (rest === undefined) return { wrong: "path" };
    const [repository, tag] = rest.split(/:(.*)/s);
    if (!PATH.test(repository)) return { wrong: "path" };
    const location = `${registry}/${repository}`;
    if (location.length > 255) return { wrong: "long" };
    if (tag !== undefined && !TAG.test(tag)) return { wrong: "tag" };
    if (digest !== undefined && !isDigest(digest)) return { wrong: "digest" };
    const parts = { location, registry, repository, name: repository.split("/").at(-1) };
    if (tag !== undefined) parts.tag = tag;
    if (digest !== undefined) parts.digest = digest;
    if (tag !== undefined || digest !== undefined) parts.reference = text;
    return { parts };
  };

  // Quotes a value as the page quotes the literal text of commands.
  const quote = (text) => (/^[A-Za-z0-9@%+=:,./_-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

  // What is wrong with a value of an input: it must not become an option, and a name has a grammar.
  const inputWrong = (kind, text) => {
    if (/[\u0000-\u001f\u007f]/.test(text)) return "It holds a control character.";
    if (text.startsWith("-")) {
      return kind === "name" ? "It begins with a hyphen." : "It begins with a hyphen: write ./ before it.";
    }
    if (kind === "name" && !/^[A-Za-z0-9._-]+$/.test(text)) return "Letters, digits, dots, hyphens and _ only.";
    return "";
  };

  // Puts values into the placeholders of commands; those without a value keep their name.
  const fill = (places, values) => {
    for (const place of places) {
      const value = Object.hasOwn(values, place.dataset.name) ? values[place.dataset.name] : undefined;
      place.textContent = value === undefined ? `{${place.dataset.name}}` : quote(value);
      place.classList.toggle("filled", value !== undefined);
    }
  };

  // Says at a field what is wrong with it, or what is still missing.
  const say = (input, message, wrong) => {
    const note = document.getElementById(input.getAttribute("aria-describedby"));
    if (note) {
      note.textContent = message;
      note.classList.toggle("wrong", wrong);
    }
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  // Placeholders of a command that its own inputs fill.
  const inputsOf = (command) => [...command.querySelectorAll("input[data-input]")];
  const placesOf = (command) => [...command.querySelectorAll("var[data-name]")];

  for (const command of commands) {
    for (const input of inputsOf(command)) {
      const places = placesOf(command).filter((place) => place.dataset.name === input.dataset.input);
      input.addEventListener("input", () => {
        const message = input.value === "" ? "" : inputWrong(input.dataset.kind, input.value);
        say(input, message, message !== "");
        fill(places, input.value === "" || message !== "" ? {} : { [input.dataset.input]: input.value });
      });
    }
  }
  if (!field) return;

  const hint = document.getElementById("reference-note").textContent;
  // What a command calls like a placeholder of ours is its own input.
  const places = commands.flatMap((command) => {
    const own = inputsOf(command).map((input) => input.dataset.input);
    return placesOf(command).filter((place) => !own.includes(place.dataset.name));
  });
  const update = () => {
    const text = field.value.trim();
    const { parts, wrong } = text === "" ? { parts: {} } : parse(text);
    fill(places, parts ?? {});
    if (wrong) {
      say(field, MESSAGES[wrong], true);
    } else {
      const open = new Set(places.map((place) => place.dataset.name).filter((name) => !Object.hasOwn(parts, name)));
      const rest = [...open].map((name) => `{${name}}`).join(", ");
      const missing = parts.location === undefined ? hint : `For ${rest}, add ${open.has("reference") ? ":tag or @digest" : open.has("tag") ? "a :tag" : "an @digest"}.`;
      say(field, rest === "" ? "Filled in." : missing, false);
    }
    return wrong === undefined;
  };
  // The reference follows the reader to the next type, for as long as the tab is open; storage can be forbidden.
  const store = (text) => {
    try {
      if (text === "") sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, text);
    } catch {
      // It holds for this page.
    }
  };
  field.addEventListener("input", () => {
    if (update()) store(field.value.trim());
  });
  try {
    field.value = sessionStorage.getItem(KEY) ?? "";
  } catch {
    // Nothing was kept.
  }
  update();
})();
