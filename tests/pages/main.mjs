// Serves a built site on loopback, starts a real browser, and runs every file of checks/ over it.
//
// A check is a module whose default export is `async (site) => …`; it calls `site.passed()` for what holds and
// `site.failed(text)` for what does not. OAT_CHECKS names the checks to run, separated by commas; else all are run.
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { chromium } from "playwright-core";

const dist = resolve(process.argv[2]);
const shots = resolve(process.env.OAT_SHOTS ?? "shots");
mkdirSync(shots, { recursive: true });

const types = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
  ".svg": "image/svg+xml", ".xml": "application/xml", ".png": "image/png",
};
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
  const file = join(dist, path.endsWith("/") ? path + "index.html" : path);
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

let passed = 0;
const failures = [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

const site = {
  browser,
  origin,
  // Folder of the built site.
  dist,
  // Folder for screenshots.
  shots,
  // Source of axe, to be evaluated in a page through the debugger, which the page's policy does not bind.
  axe: readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8"),
  passed: () => { passed += 1; },
  failed: (text) => { failures.push(text); },
  // Whether something holds; the text says what should.
  holds: (truth, text) => { if (truth) passed += 1; else failures.push(text); },
  // Opens a page in a context and collects what must never happen: console errors, requests to another origin,
  // answers of 400 and above.
  open: async (context, path) => {
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
    page.on("request", (request) => /^(blob|data):/.test(request.url()) || request.url().startsWith(origin) || problems.push(`request to ${request.url()}`));
    page.on("response", (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
    await page.goto(origin + path, { waitUntil: "load", timeout: 20000 });
    return { page, problems };
  },
};

try {
  const folder = new URL("./checks/", import.meta.url);
  const wanted = process.env.OAT_CHECKS?.split(",");
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".mjs")).sort()) {
    if (wanted && !wanted.includes(name.replace(".mjs", ""))) continue;
    const before = passed;
    try {
      await (await import(new URL(name, folder))).default(site);
    } catch (error) {
      failures.push(`${name}: ${error.stack}`);
    }
    console.log(`${name}: ${passed - before} passed`);
  }
} finally {
  await browser.close();
  server.close();
}
for (const failure of failures) console.error(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
