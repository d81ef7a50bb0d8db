// What programs read, and pages made for them: figures lead to filters that the listing knows, badges are plain
// pictures, redirects lead on, digests are those of the files, and every address of the list is there.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

// Parameters of the listing's address.
const FILTERS = ["q", "role", "status", "tier", "tool", "family", "kind", "iana", "evidence", "icon", "actions", "year", "publisher"];
// Elements that a badge may hold.
const ELEMENTS = ["svg", "title", "path", "rect", "circle", "g", "text"];

export default async function machine(site) {
  const read = (path) => readFileSync(join(site.dist, path), "utf8");
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 900 } });
  await figures(site, context);
  await badges(site, context, read);
  await redirects(site, context, read);
  await registry(site, context);
  sums(site, read);
  await addresses(site, read);
  await context.close();
}

// Each link of a figure filters by what the listing knows, and each figure is a table with numbers.
async function figures(site, context) {
  const { page, problems } = await site.open(context, "/figures/index.html");
  const links = await page.$$eval(".figure a[href]", (all) => all.map((link) => link.href));
  site.holds(links.length > 20, "the figures lead to the listing");
  for (const link of links) {
    const url = new URL(link);
    const names = [...url.searchParams.keys()];
    site.holds(url.pathname === "/index.html" && names.length > 0, `${link} leads to a filtered listing`);
    for (const name of names) site.holds(FILTERS.includes(name), `${link}: the listing knows ${name}`);
  }
  const tables = await page.$$eval(".figure", (all) => all.map((figure) => figure.querySelectorAll("tbody .number").length));
  site.holds(tables.length > 3 && tables.every((numbers) => numbers > 0), "each figure has its numbers as text");
  await counts(site, context, page);
  const outside = await page.$$eval(".figure rect", (all) => all.filter((bar) => {
    const [x, width] = ["x", "width"].map((name) => Number(bar.getAttribute(name) ?? 0));
    return !(x >= 0 && width >= 0 && x + width <= 100.11);
  }).length);
  site.holds(outside === 0, "no bar leaves its picture");
  site.holds(problems.length === 0, `figures: ${problems.join("; ")}`);
  await page.close();
}

// The listing shows as many types as the figure says: one link for each set of parameters. The figure of registrations
// counts media types, of which a type has several.
async function counts(site, context, page) {
  const all = await page.$$eval(".figure:not(.figure-iana) tbody tr", (rows) => rows.flatMap((row) => {
    const numbers = [...row.querySelectorAll(".number")].map((cell) => [parseInt(cell.textContent, 10), cell.querySelector("a")?.href]);
    const whole = row.querySelector("th a")?.href;
    return [[numbers.reduce((sum, [number]) => sum + number, 0), whole], ...numbers].filter(([, link]) => link);
  }));
  const seen = new Set();
  for (const [number, link] of all) {
    const url = new URL(link);
    const names = [...url.searchParams.keys()].join();
    if (seen.has(names)) continue;
    seen.add(names);
    const { page: listing } = await site.open(context, url.pathname + url.search);
    const shown = await listing.$$eval(".listing tbody tr", (rows) => rows.filter((row) => row.offsetParent !== null).length);
    site.holds(shown === number, `${url.search}: the figure says ${number}, the listing shows ${shown}`);
    await listing.close();
  }
}

// Each badge is well-formed, has a name, and nothing but shapes and text; its data has the form of shields.io.
async function badges(site, context, read) {
  const { page } = await site.open(context, "/404.html");
  const names = readdirSync(join(site.dist, "badges"));
  for (const name of names.filter((name) => name.endsWith(".svg"))) {
    const found = await page.evaluate((text) => {
      const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      const all = [root, ...root.querySelectorAll("*")];
      return {
        elements: all.map((element) => element.localName),
        attributes: all.flatMap((element) => [...element.attributes]).map((attribute) => attribute.name),
        role: root.getAttribute("role"),
        title: root.querySelector("title")?.textContent ?? "",
      };
    }, read(`badges/${name}`));
    const odd = found.elements.filter((element) => !ELEMENTS.includes(element));
    site.holds(odd.length === 0, `${name} holds ${odd}`);
    site.holds(found.role === "img" && found.title.length > 15, `${name} has a name`);
    site.holds(!found.attributes.some((attribute) => /^on|href$|^style$/.test(attribute)), `${name} has no script or link`);
  }
  await page.close();
  for (const name of names.filter((name) => name.endsWith(".json"))) {
    const badge = JSON.parse(read(`badges/${name}`));
    const whole = badge.schemaVersion === 1 && badge.label && badge.message && /^[0-9a-f]{6}$/.test(badge.color);
    site.holds(whole && Object.keys(badge).length === 4, `${name} has the form of an endpoint badge`);
    site.holds(existsSync(join(site.dist, "badges", name.replace(".json", ".svg"))), `${name} has its picture`);
  }
}

// A page of another name leads to the page of the type, and robots are asked not to list it.
async function redirects(site, context, read) {
  const leads = (id) => read(`types/${id}/index.html`).includes('http-equiv="refresh"');
  const folders = readdirSync(join(site.dist, "types"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const all = folders.map((entry) => entry.name).filter(leads);
  for (const id of all) {
    const html = read(`types/${id}/index.html`);
    const target = html.match(/content="0; url=\.\.\/([a-z0-9-]+)\/index\.html"/)?.[1];
    site.holds(target && existsSync(join(site.dist, "types", target, "index.html")) && !leads(target), `${id} leads to ${target}`);
    site.holds(html.includes('<meta name="robots" content="noindex">'), `${id} is not to be listed`);
  }
  for (const id of all.slice(0, 3)) {
    const { page } = await site.open(context, `/types/${id}/index.html`);
    await page.waitForURL((url) => !url.pathname.includes(`/types/${id}/`), { timeout: 5000 }).catch(() => {});
    site.holds(!page.url().includes(`/types/${id}/`), `the page of ${id} leads on`);
    await page.close();
  }
  if (existsSync(join(site.dist, "sitemap.xml"))) {
    const map = read("sitemap.xml");
    site.holds(all.every((id) => !map.includes(`/types/${id}/`)), "no redirect is in the site map");
  }
}

// The commands of the listed registry open by keyboard, and hold no shell's meaning from a reference.
async function registry(site, context) {
  const { page, problems } = await site.open(context, "/registry/index.html");
  const offer = page.locator("details.offer").first();
  if (await offer.count() > 0) {
    await offer.locator("summary").focus();
    await page.keyboard.press("Enter");
    site.holds(await offer.locator("pre").isVisible(), "a command opens by keyboard");
    const text = await offer.locator("pre").textContent();
    site.holds(text.includes("registry.example.com/"), `the reference is filled in: ${text}`);
  }
  const broken = await page.$$eval(".registry td a[href^='#']", (all) => all.filter((link) => !document.querySelector(link.hash)).length);
  site.holds(broken === 0, "what is attached leads to its row");
  site.holds(problems.length === 0, `registry: ${problems.join("; ")}`);
  await page.close();
}

// The digests of all downloads.
function sums(site, read) {
  const lines = read("downloads/SHA256SUMS").trimEnd().split("\n");
  for (const line of lines) {
    const [digest, path] = line.split("  ");
    const bytes = existsSync(join(site.dist, path)) ? readFileSync(join(site.dist, path)) : "";
    site.holds(createHash("sha256").update(bytes).digest("hex") === digest, `${path} has another digest`);
  }
}

// Every address of the list is there, with the size and digest that it says; patterns have files.
async function addresses(site, read) {
  const index = JSON.parse(read("api/index.json"));
  const own = (address) => address.replace(/^https?:\/\/[^/]+\//, "");
  for (const endpoint of index.endpoints) {
    const response = await fetch(`${site.origin}/${own(endpoint.address)}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    site.holds(response.ok && bytes.length === endpoint.size && digest === endpoint.digest, `${endpoint.address} is as the list says`);
    const list = Object.values(JSON.parse(bytes)).find(Array.isArray);
    site.holds(endpoint.count === undefined || list?.length === endpoint.count, `${endpoint.address} has ${endpoint.count} items`);
  }
  for (const { pattern, names } of index.patterns) {
    site.holds(/\{[a-zA-Z]+\}/.test(pattern) && (await fetch(`${site.origin}/${own(names)}`)).ok, `${pattern} is made of names of ${names}`);
  }
  for (const { id } of JSON.parse(read("api/types.json")).types) {
    const folders = [`api/types/${id}.json`, `types/${id}/index.html`, `badges/${id}.svg`, `badges/${id}.json`];
    site.holds(folders.every((path) => existsSync(join(site.dist, path))), `${id} has its files`);
  }
}
