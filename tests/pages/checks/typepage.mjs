// The page of a type: its example is copied as the file is, commands are filled with what the reader types and mean
// that to a shell, the contents mark the section in view, and without scripts everything can be read.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const vectors = JSON.parse(readFileSync(new URL("./commands.json", import.meta.url), "utf8"));
const DIGEST = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

// Pages of types whose text a test accepts.
const pagesWhere = (site, accepts) =>
  readdirSync(join(site.dist, "types")).sort().filter((id) => {
    const file = join(site.dist, "types", id, "index.html");
    return existsSync(file) && accepts(readFileSync(file, "utf8"));
  });

// The arguments that a POSIX shell makes of a command line.
const argumentsOf = (line) => execFileSync("sh", ["-c", `printf '%s\\0' ${line}`]).toString().split("\0").slice(0, -1);

async function copies(site) {
  const context = await site.browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  for (const id of pagesWhere(site, (html) => html.includes("class=\"anatomy\"")).slice(0, 24)) {
    const { page, problems } = await site.open(context, `/types/${id}/index.html`);
    const link = page.locator(".anatomy figcaption").getByRole("link", { name: "As a file" });
    const file = join(site.dist, "types", id, await link.getAttribute("href"));
    await page.locator(".anatomy ~ .copy").click();
    await page.locator(".copy", { hasText: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    site.holds(copied === readFileSync(file, "utf8"), `${id}: the copy is the file`);
    site.holds(problems.length === 0, `${id}: ${problems.join("; ")}`);
    await page.close();
  }
  await context.close();
}

async function fills(site) {
  const context = await site.browser.newContext();
  const { page, problems } = await site.open(context, "/types/helm-chart/index.html");
  const field = page.getByLabel("Your artifact");
  const command = (number) => page.locator(`#action-${number} pre code`).textContent();
  const empty = await command(1);
  site.holds(empty === "helm pull oci://{location} --version {tag}", `placeholders stand: ${empty}`);
  for (const { text, registry, repository, tag } of vectors.references) {
    await field.fill(text);
    const expected = ["helm", "pull", `oci://${registry}/${repository}`, "--version", tag ?? "{tag}"];
    const line = await command(1);
    site.holds(JSON.stringify(argumentsOf(line)) === JSON.stringify(expected), `${text} gives ${line}`);
    site.holds((await field.getAttribute("aria-invalid")) === null, `${text} is a reference`);
  }
  for (const text of vectors.refused) {
    await field.fill(text);
    const line = await command(1);
    site.holds(line === empty, `${text} is refused: ${line}`);
    const message = await page.locator("#reference-note").textContent();
    site.holds((await field.getAttribute("aria-invalid")) === "true" && message.length > 10, `${text}: ${message}`);
  }
  site.holds((await page.locator("#main img[src=x]").count()) === 0, "what is typed is text");

  // A name of the action's own, and names that are none.
  const release = page.locator("#action-3 input");
  await field.fill("registry.example.com/charts/shop:1.0");
  await release.fill("shop");
  site.holds((await command(3)) === "helm install shop oci://registry.example.com/charts/shop --version 1.0", await command(3));
  for (const text of ["x;$(id)", "-f", "a b", "$HOME"]) {
    await release.fill(text);
    site.holds((await command(3)).includes("{release}"), `${text} is no name: ${await command(3)}`);
    site.holds((await release.getAttribute("aria-invalid")) === "true", `${text} is marked`);
  }

  // It follows the reader to another type, also by digest, and leaves when it is taken away.
  await field.fill(`registry.example.com/app@${DIGEST}`);
  const others = pagesWhere(site, (html) => /data-name="reference"/.test(html) && /data-kind="file"/.test(html));
  await page.goto(`${site.origin}/types/${others[0]}/index.html`);
  const places = await page.locator("var[data-name=reference]").allTextContents();
  site.holds(places.every((text) => text === `registry.example.com/app@${DIGEST}`), `${others[0]}: ${places}`);
  await page.getByLabel("Your artifact").fill("registry.example.com/app");
  const open = await page.locator("var[data-name=reference]").allTextContents();
  site.holds(open.every((text) => text === "{reference}"), `without tag and digest it is no reference: ${open}`);
  site.holds((await page.locator("#reference-note").textContent()).includes(":tag or @digest"), "and the field says what is missing");

  // Files may have any name: what is typed is one argument, the very text.
  const input = page.locator("input[data-kind=file]").first();
  const name = await input.getAttribute("data-input");
  const place = page.locator(".command", { has: input }).locator(`var[data-name="${name}"]`).first();
  for (const [text, quoted] of vectors.quoting) {
    await input.fill(text);
    const shown = await place.textContent();
    site.holds(shown === quoted, `${text} is shown as ${quoted}: ${shown}`);
    site.holds(argumentsOf(shown)[0] === text && argumentsOf(shown).length === 1, `a shell reads ${shown} as ${text}`);
  }
  await input.fill("-o");
  site.holds((await place.textContent()) === `{${name}}`, "a value can not become an option");
  await page.getByLabel("Your artifact").fill("");
  await page.reload();
  site.holds((await page.getByLabel("Your artifact").inputValue()) === "", "what is taken away does not come back");
  site.holds(problems.length === 0, problems.join("; "));
  await context.close();
}

async function marks(site) {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  const { page, problems } = await site.open(context, "/types/oci-image/index.html");
  const marked = () => page.locator("aside .contents [aria-current]").allTextContents();
  const becomes = async (title) => {
    await page.waitForFunction((title) => {
      const found = [...document.querySelectorAll("aside .contents [aria-current]")];
      return found.length === 1 && found[0].textContent === title;
    }, title, { timeout: 3000 }).catch(() => {});
    site.holds((await marked()).join() === title, `${title} is marked: ${await marked()}`);
  };
  await becomes("About");
  for (const title of ["What it looks like", "Media types", "Sources", "How it is recognised"]) {
    await page.locator("aside .contents").getByRole("link", { name: title, exact: true }).click();
    await becomes(title);
  }
  site.holds(problems.length === 0, problems.join("; "));
  await context.close();

  const small = await site.browser.newContext({ viewport: { width: 360, height: 800 }, reducedMotion: "reduce" });
  const narrow = await site.open(small, "/types/oci-image/index.html");
  const list = narrow.page.locator("details.contents-above");
  site.holds((await list.getAttribute("open")) === null, "on a small screen the contents are closed");
  await list.locator("summary").click();
  await list.getByRole("link", { name: "Standing" }).click();
  site.holds((await list.getAttribute("open")) === null, "and close behind the reader");
  site.holds(await narrow.page.locator("#standing").isVisible(), "who arrives where they wanted");
  await small.close();
}

async function withoutScripts(site) {
  const context = await site.browser.newContext({ javaScriptEnabled: false });
  const { page } = await site.open(context, "/types/helm-chart/index.html");
  site.holds((await page.locator("input:visible").count()) === 0, "no field that does nothing");
  site.holds((await page.locator(".command pre").first().textContent()).includes("{location}"), "commands have their placeholders");
  site.holds((await page.locator(".piece pre:visible").count()) > 3 && (await page.locator(".piece .note:visible").count()) > 3, "the example is explained");
  site.holds(await page.locator("aside .contents a").first().isVisible(), "the contents are links");
  await context.close();
}

export default async function typepage(site) {
  await copies(site);
  await fills(site);
  await marks(site);
  await withoutScripts(site);
}
