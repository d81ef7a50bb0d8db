// The playground: its engine passes every conformance vector and says what the program says, and its page shows answers
// for what is typed, dropped, chosen and linked, whatever that holds.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATH = "/playground/index.html";
const HOSTILE = "\"><script>globalThis.hacked = 1</script><img src=x onerror=\"globalThis.hacked = 1\">\u202e";

export default async function playground(site) {
  const read = (path) => readFileSync(join(site.dist, path), "utf8");
  const names = JSON.parse(read("conformance/index.json")).files;
  const vectors = names.flatMap((name) => JSON.parse(read(`conformance/${name}`)).vectors);
  const context = await site.browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const chart = read("examples/helm-chart/plain.json");
  const steps = { conformance, program, reader, typing, samples, marks, several, surroundings, broken, dropping, links, hostile, keyboard };
  for (const [name, step] of Object.entries(steps)) {
    const { page, problems } = await site.open(context, PATH);
    await page.waitForFunction(() => document.querySelector("#play-input"));
    try {
      await step(site, page, { vectors, chart, read });
    } catch (error) {
      problems.push(error.stack);
    }
    site.holds(problems.length === 0, `playground, ${name}: ${problems.join("; ")}`);
    await page.close();
  }
  await context.close();
  await scriptless(site);
}

const answer = (page) => page.locator("#play-answer");
const title = (page) => answer(page).locator(".play-title");

// Waits until the answer holds a text, and says so.
async function shows(site, page, text, what) {
  const found = await answer(page).getByText(text).first().waitFor({ timeout: 5000 }).then(() => true, () => false);
  site.holds(found, `playground, ${what}: the answer says ${text}, not ${(await answer(page).innerText()).slice(0, 300)}`);
}

// The page's own code over every vector.
async function conformance(site, page, { vectors }) {
  const answers = await page.evaluate(async (vectors) => {
    const mapping = await (await fetch("../mediaTypeMappings.json")).json();
    return vectors.map(({ document, context }) => OatIdentify.identify(mapping, document, context));
  }, vectors);
  for (const [at, { id, expect }] of vectors.entries()) {
    const found = answers[at];
    const right = Object.entries(expect).every(([key, wanted]) => {
      if (key === "facet") return found.facets.includes(wanted);
      if (expect.facet) return true;
      return JSON.stringify(found[key] ?? null) === JSON.stringify(wanted);
    });
    site.holds(right, `playground, ${id}: expected ${JSON.stringify(expect)}, got ${JSON.stringify(found)}`);
  }
}

// Documents as they are and a little wrong: what only the vectors hold would leave many rules unasked.
function variants(document) {
  const text = JSON.stringify(document);
  const without = (...keys) => JSON.stringify(Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key))));
  const twice = (key) => JSON.stringify({ ...document, [key]: [...(document[key] ?? []), ...(document[key] ?? [])] });
  return [
    text,
    without("artifactType"),
    without("mediaType"),
    without("annotations", "subject"),
    twice(document.manifests ? "manifests" : "layers"),
    text.replace(/application\/vnd\.([a-z])/, "application/vnd.x$1"),
    text.replace('"layers":[', '"fsLayers":[],"layers":['),
    text.replace('"layers"', '"blobs"'),
    text.replace(/^\{/, '{"subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json"},'),
    text.replace("image.manifest.v1", "image.index.v1"),
    text.replace(/^\{/, '{"manifests":null,"n":9007199254740993,"é":"\\ud800",'),
    text.slice(0, -1),
    `${text} x`,
    `[${text}]`,
  ];
}

// The page and the program say the same of the same documents: answers with all that explains them, and findings.
async function program(site, page, { vectors }) {
  if (!process.env.OAT) return;
  const documents = vectors.filter(({ context }) => !context).map(({ document }) => document);
  const lines = [...new Set(documents.flatMap(variants))];
  const folder = mkdtempSync(join(tmpdir(), "oat-playground-"));
  const run = (...args) => {
    const options = { maxBuffer: 1 << 30, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    try {
      return JSON.parse(execFileSync(process.env.OAT, [...args, "--format", "json", join(folder, "documents.ndjson")], options));
    } catch (error) {
      // Findings are no failure.
      if (error.status === 1) return JSON.parse(error.stdout);
      throw error;
    }
  };
  try {
    writeFileSync(join(folder, "documents.ndjson"), `${lines.join("\n")}\n`);
    const { answers } = run("identify", "--explain");
    const { findings } = run("lint");
    const { rules, results } = await page.evaluate(judgeAll, lines);
    const theirs = lines.map(() => []);
    for (const finding of findings.filter(({ rule }) => rules.includes(rule))) theirs[finding.document].push(finding);
    site.holds(answers.length === lines.length, `playground: ${answers.length} answers for ${lines.length} documents`);
    for (const [at, mine] of results.entries()) {
      const same = (what, a, b) => site.holds(a === b, `playground, ${what} of ${lines[at].slice(0, 400)}:\n  oat  ${a}\n  page ${b}`);
      same("answer", JSON.stringify(comparable(answers[at])), JSON.stringify(comparable(mine.answer)));
      same("findings", listed(theirs[at]), listed(mine.findings));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// In the page: answers and findings for documents, each a text of its own.
async function judgeAll(lines) {
  const mapping = await (await fetch("../mediaTypeMappings.json")).json();
  const types = new Map(mapping.types.map((entry) => [entry.id, entry]));
  const { placeholders } = OatIdentify.prepare(mapping);
  const results = lines.map((line) => {
    const whole = OatJson.documents(line);
    // A line is one document here, also when it is an array.
    const item = whole.form === "one" ? whole.documents[0] : { start: 0, end: line.length, ...OatJson.read(line) };
    const failure = OatFindings.unreadable(item);
    const answer = failure ? { error: failure } : OatIdentify.identify(mapping, OatJson.value(item.node));
    return { answer, findings: OatFindings.check(item, types, answer, placeholders) };
  });
  return { rules: Object.keys(OatFindings.RULES), results };
}

// What is the same in the program's answer and in the page's.
function comparable({ error, type, certainty, rule, evidence, candidates, facets, subtypes, nearest, rivals }) {
  if (error) return "unreadable";
  return {
    type, certainty, rule, candidates, facets, subtypes, rivals,
    evidence: evidence.map(({ pointer, context, value }) => ({ pointer, context, value })),
    nearest: nearest?.map(({ type, missing }) => ({ type, missing })),
  };
}

const listed = (findings) =>
  findings.map(({ rule, level, pointer, message, help }) => JSON.stringify([rule, level, pointer ?? null, message, help ?? null])).sort().join("\n");

// The reader keeps to the grammar, bounds what it reads, and knows the place of everything.
async function reader(site, page) {
  const found = await page.evaluate(() => {
    const problems = (text) => OatJson.documents(text).documents.map(({ problems }) => problems.map(({ rule }) => rule).join());
    const bad = ["{", "[1,]", '{"a":1,}', "01", "1.", "1e", "+1", "nul", "'a'", "{a:1}", '"\u0001"', '"\\x"', "[1 2]", '"', "-", "\u00a0{}"];
    const text = '{ "é🐋" : [9007199254740993, "b\\n"], "__proto__": {"x": 1} }';
    const [{ node }] = OatJson.documents(text).documents;
    const number = OatJson.at(node, "/é🐋/0").value;
    const value = OatJson.value(node);
    return {
      refused: bad.filter((text) => OatJson.read(text).node !== null),
      deep: [problems("[".repeat(64) + "]".repeat(64)), problems("[".repeat(65)), problems("[".repeat(100000))],
      long: problems(`"${"x".repeat(OatJson.MAX_BYTES)}"`),
      twice: problems('{"a":1,"\\u0061":2}'),
      number: text.slice(number.start, number.end),
      place: OatJson.places(text)(number.start),
      bytes: OatJson.byteLength(text, number.start),
      prototype: [Object.hasOwn(value, "__proto__"), value.x === undefined],
      several: OatJson.documents("{}\n\n{}{}").documents.length,
      lines: problems('{"a":1}\n{x}\n{"b":2}\n'),
      many: OatJson.documents("{}".repeat(20000)).documents.length,
    };
  });
  const wanted = {
    refused: [], deep: [Array(1).fill(""), ["json-depth"], ["json-depth"]], long: ["json-input-size"], twice: ["json-duplicate-names"],
    number: "9007199254740993", place: { line: 1, column: 11 }, bytes: 14, prototype: [true, true], several: 3,
    lines: ["", "json-syntax", ""], many: 10000,
  };
  for (const [name, value] of Object.entries(wanted)) {
    site.holds(JSON.stringify(found[name]) === JSON.stringify(value), `playground, reader, ${name}: ${JSON.stringify(found[name])}`);
  }
}

async function typing(site, page, { chart }) {
  await page.getByRole("textbox", { name: "Document" }).fill(chart);
  await shows(site, page, "Helm chart", "typing");
  site.holds(/exact/.test(await title(page).innerText()), "playground, typing: the certainty is there");
  const link = await title(page).locator("a").getAttribute("href");
  site.holds(link === "../types/helm-chart/index.html", `playground, typing: the title leads to ${link}`);
  await page.waitForFunction(() => document.querySelector("#play-status").textContent.startsWith("Helm chart, exact."));
  await page.getByRole("textbox", { name: "Document" }).fill(chart.replace("helm.config", "helm.confg"));
  await shows(site, page, "The nearest types", "a media type with a slip");
  await shows(site, page, "unknown-artifact", "a media type with a slip");
  await page.getByRole("button", { name: "Clear" }).click();
  await shows(site, page, "The answer stands here", "clearing");
}

async function samples(site, page) {
  const options = await page.locator("#play-sample option").evaluateAll((all) => all.map(({ value, text }) => [value, text]));
  site.holds(options.length > 12, `playground: ${options.length - 1} samples`);
  for (const [value, text] of options.slice(1)) {
    await page.locator("#play-sample").selectOption(value);
    await page.waitForFunction((text) => document.querySelector(".play-title bdi")?.textContent === text, text, { timeout: 5000 });
    site.passed();
  }
  await page.goto(`${site.origin}${PATH}#example=no-such-type/plain.json`);
  await page.reload();
  await page.getByText("an example that the catalog does not have").waitFor({ timeout: 5000 });
  for (const bad of ["..%2f..%2fx", "../../api/types.json", "helm-chart/../plain.json", "helm-chart", "//example.com/x"]) {
    await page.evaluate((bad) => { location.hash = `#example=${bad}`; }, bad);
  }
  await page.waitForTimeout(200);
  site.holds((await page.inputValue("#play-input")) === "", "playground: no file outside of the examples is opened");
}

// Evidence and findings mark their places in the text as it was given, and emphasise them.
async function marks(site, page, { chart }) {
  const text = chart.replace('"schemaVersion": 2', '"schemaVersion": 2, "n": 12345678901234567890').replace(/"layers": \[\s*\{/, '$&"x": 1e400, ');
  await page.fill("#play-input", text);
  await shows(site, page, "Helm chart", "marks");
  site.holds((await page.locator("#play-marked").textContent()) === text.trim(), "playground: the marked text is the text that was given");
  const mark = page.locator("#play-marked mark.of-evidence");
  site.holds((await mark.allTextContents()).join() === '"application/vnd.cncf.helm.config.v1+json"', "playground: the evidence is marked");
  const evidence = page.locator("button.play-place", { hasText: "/config/mediaType" });
  await evidence.hover();
  site.holds(/\bnow\b/.test(await mark.getAttribute("class")), "playground: evidence under the pointer emphasises its place");
  await page.mouse.move(0, 0);
  site.holds(!/\bnow\b/.test(await mark.getAttribute("class")), "playground: and only then");
  await evidence.focus();
  site.holds(/\bnow\b/.test(await mark.getAttribute("class")), "playground: evidence in focus emphasises its place");
  const numbers = await page.locator("#play-marked mark.of-finding").allTextContents();
  site.holds(numbers.join() === "12345678901234567890,1e400", `playground: findings are marked: ${numbers.join()}`);
}

async function several(site, page, { vectors, chart }) {
  const lines = vectors.map(({ document }) => JSON.stringify(document));
  await page.fill("#play-input", Array.from({ length: 1000 }, (_, at) => (at === 4 ? "{x}" : lines[at % lines.length])).join("\n"));
  const rows = page.locator("#play-list [role=option]");
  await page.waitForFunction(() => document.querySelectorAll("#play-list [role=option]").length === 1000, null, { timeout: 20000 });
  await page.waitForFunction(() => document.querySelector("#play-list p").textContent === "1000 documents, 1 of them can not be read.");
  await rows.nth(4).click();
  await shows(site, page, "This can not be read", "a broken line");
  await page.locator("#play-list [role=listbox]").press("Home");
  site.holds((await rows.nth(0).getAttribute("aria-selected")) === "true", "playground: keys move in the list");
  await page.locator("#play-list [role=listbox]").press("ArrowDown");
  site.holds((await page.locator("#play-marked").textContent()) === lines[1], "playground: the document of the row is shown");
  await page.getByText("too long for the address").waitFor({ timeout: 10000 });
  site.holds(new URL(page.url()).hash === "", "playground: a long input is not kept in the address");
  for (const [text, wanted] of [[`[${chart},${chart}, 1]`, 3], [`${chart}${chart}`, 2]]) {
    await page.fill("#play-input", text);
    await page.waitForFunction((wanted) => document.querySelectorAll("#play-list [role=option]").length === wanted, wanted, { timeout: 5000 });
    site.passed();
  }
}

// What else is known decides, and what is wrong there is said.
async function surroundings(site, page, { vectors }) {
  const vector = vectors.find(({ context, expect }) => context?.config && expect.certainty === "exact" && expect.type);
  await page.fill("#play-input", JSON.stringify(vector.document));
  await page.getByText("What else is known").click();
  await page.getByLabel("Config blob").fill(JSON.stringify(vector.context.config));
  await page.waitForFunction((type) => document.querySelector(".play-title a")?.getAttribute("href") === `../types/${type}/index.html`, vector.expect.type, { timeout: 5000 });
  await page.getByLabel("Config blob").fill("{x}");
  await page.getByText("expected a key in double quotes").waitFor({ timeout: 5000 });
  site.holds((await page.getByLabel("Config blob").getAttribute("aria-invalid")) === "true", "playground: a field says that it is wrong");
  await page.getByLabel("Config blob").fill("");
  await page.getByLabel("Tag", { exact: true }).fill("v1");
  site.holds((await page.getByText("expected a key in double quotes").count()) === 0 || await page.waitForFunction(() => !document.querySelector(".play-problem")), "playground: and no longer");
  // An example whose entry names a context opens with it.
  await page.goto(`${site.origin}${PATH}#example=${vector.id}`);
  await page.reload();
  await page.waitForFunction((type) => document.querySelector(".play-title a")?.getAttribute("href") === `../types/${type}/index.html`, vector.expect.type, { timeout: 5000 });
  site.passed();
}

async function broken(site, page) {
  await page.fill("#play-input", '{\n  "schemaVersion": 2,\n  "config": {},\n}');
  await shows(site, page, "This can not be read", "a comma too many");
  await shows(site, page, "line 4, column 1", "a comma too many");
  await shows(site, page, "JSON allows no comma before a closing bracket.", "a comma too many");
  site.holds((await page.locator("#play-marked mark").textContent()) === "}", "playground: the place of the mistake is marked");
  await page.fill("#play-input", '{"config":{},"config":{}}');
  await shows(site, page, "stands twice", "a name that stands twice");
  await page.fill("#play-input", '"text"');
  await shows(site, page, "The document is a string.", "no object");
  await page.fill("#play-input", "[]");
  await shows(site, page, "there is no document in it", "an empty list");
}

async function dropping(site, page, { chart }) {
  const drop = (content, name) => page.evaluate(([content, name]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([typeof content === "string" ? content : new Uint8Array(content)], name));
    for (const type of ["dragover", "drop"]) {
      document.querySelector("#play-input").dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, [content, name]);
  await drop(chart, "chart.json");
  await shows(site, page, "Helm chart", "dropping");
  await drop([0xff, 0xfe, 0x00], "<b>.bin");
  await page.getByText("<b>.bin is not text in UTF-8.").waitFor({ timeout: 5000 });
  await page.locator("#play-file").setInputFiles([
    { name: "a.json", mimeType: "application/json", buffer: Buffer.from(chart) },
    { name: "b.json", mimeType: "application/json", buffer: Buffer.from(chart) },
  ]);
  await page.waitForFunction(() => document.querySelectorAll("#play-list [role=option]").length === 2, null, { timeout: 5000 });
  site.passed();
}

async function links(site, page, { chart }) {
  const text = chart.replace("storefront", "Größe 🐋 \\u202e");
  await page.fill("#play-input", text);
  await page.getByText("What else is known").click();
  await page.getByLabel("Tag", { exact: true }).fill("v1 & more");
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Copied.").waitFor({ timeout: 5000 });
  const link = await page.evaluate(() => navigator.clipboard.readText());
  site.holds(/#input=[A-Za-z0-9_-]+$/.test(link) && link === page.url(), `playground: the link is ${link.slice(0, 80)}`);
  await page.goto("about:blank");
  await page.goto(link);
  await page.waitForFunction((text) => document.querySelector("#play-input").value === text, text, { timeout: 5000 });
  site.holds((await page.inputValue("#play-tag")) === "v1 & more", "playground: a link keeps what else is known");
  await shows(site, page, "Helm chart", "a link");
  await page.evaluate(() => { location.hash = "#example=oci-image/plain.json"; });
  await shows(site, page, "OCI container image", "another link on the same page");
  await page.goBack();
  await shows(site, page, "Helm chart", "going back");
}

// Links and documents from strangers.
async function hostile(site, page, { chart }) {
  const pack = (text) => page.evaluate(async (text) => {
    const packed = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer();
    return btoa(String.fromCharCode(...new Uint8Array(packed))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }, text);
  const bad = ["%3Cscript%3E", "!!!!", "AAAA", "A".repeat(60000), await pack("not json"), await pack('{"text":1}'), await pack('{"text":"","extra":"x"}'),
    await pack("null"), await pack(JSON.stringify({ text: "x".repeat(20 << 20) }))];
  for (const packed of bad) {
    await page.fill("#play-input", chart);
    await page.evaluate((packed) => { location.hash = `#input=${packed}`; }, packed);
    const said = await page.getByText("names an input that can not be read").waitFor({ timeout: 10000 }).then(() => true, () => false);
    site.holds(said && (await page.inputValue("#play-input")) === chart, `playground: the fragment ${packed.slice(0, 20)} is refused`);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForFunction(() => location.hash === "");
  }
  const entry = { mediaType: HOSTILE, annotations: { [HOSTILE]: HOSTILE }, platform: { os: HOSTILE } };
  const documents = [
    { schemaVersion: 2, mediaType: HOSTILE, artifactType: HOSTILE, config: entry, layers: [entry], subject: entry, annotations: { [HOSTILE]: HOSTILE } },
    { ...JSON.parse(chart), artifactType: HOSTILE, layers: [entry] },
    { schemaVersion: 2, manifests: [entry], annotations: { [HOSTILE]: 1 } },
    { [HOSTILE]: HOSTILE, config: { mediaType: `application/vnd.cncf.helm.config.v1+jso${HOSTILE}` } },
  ];
  const texts = [...documents.map((document) => JSON.stringify(document, null, 2)), HOSTILE, `{"${HOSTILE.replaceAll('"', "'")}":1,"${HOSTILE.replaceAll('"', "'")}":2}`];
  for (const text of texts) {
    const packed = await pack(JSON.stringify({ text, tag: HOSTILE, config: HOSTILE, parent: HOSTILE, children: HOSTILE }));
    await page.evaluate((packed) => { location.hash = `#input=${packed}`; }, packed);
    await page.waitForFunction((text) => document.querySelector("#play-input").value === text, text, { timeout: 5000 });
    await page.waitForTimeout(100);
    const found = await page.evaluate(() => ({
      shown: document.querySelector("#play-marked").textContent.includes("<script>"),
      made: document.querySelectorAll("main script, main img[onerror], main [style]").length,
      links: [...document.querySelectorAll("#play-answer a, #play-list a")].map((link) => link.getAttribute("href")).filter((href) => !href.startsWith("../")),
      odd: /\u202e/.test(document.querySelector("#play-answer").textContent),
      hacked: globalThis.hacked,
    }));
    const right = found.shown && found.made === 0 && found.links.length === 0 && !found.odd && !found.hacked;
    site.holds(right, `playground: ${text.slice(0, 60)} stays text: ${JSON.stringify(found)}`);
  }
}

// From the top of the page to the answer by keys alone.
async function keyboard(site, page, { chart }) {
  await page.locator("#play-sample").focus();
  const reached = [];
  for (let at = 0; at < 5; at += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName));
  }
  const wanted = "play-file,play-link,play-clear,play-input,SUMMARY";
  site.holds(reached.join() === wanted, `playground: the order of keys is ${reached.join()}`);
  await page.locator("#play-input").focus();
  await page.keyboard.insertText(chart);
  await shows(site, page, "Helm chart", "keys");
  const seen = [];
  for (let at = 0; at < 6; at += 1) {
    await page.keyboard.press("Tab");
    seen.push(await page.evaluate(() => document.activeElement.className || document.activeElement.getAttribute("href") || document.activeElement.tagName));
  }
  site.holds(seen.includes("play-place"), `playground: evidence is reached by keys: ${seen.join()}`);
  await page.evaluate(site.axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  site.holds(violations.length === 0, `playground: axe ${violations.map(({ id, nodes }) => `${id} ${nodes[0].target}`).join("; ")}`);
}

// Without scripts the page says what the command line does, and shows no dead controls.
async function scriptless(site) {
  const context = await site.browser.newContext({ javaScriptEnabled: false });
  const { page, problems } = await site.open(context, PATH);
  const words = page.locator("main noscript");
  const named = (await words.isVisible()) && /oat identify manifest\.json\s+oat lint manifest\.json/.test(await words.innerHTML());
  site.holds(named, "playground: the command line is named without scripts");
  site.holds(!(await page.locator("#play-input").isVisible()), "playground: no dead controls without scripts");
  site.holds(problems.length === 0, `playground, without scripts: ${problems.join("; ")}`);
  await context.close();
}
