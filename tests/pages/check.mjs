// Opens pages of a built site in a real browser, at several widths, light and dark: no console error, no request to
// another origin, no violation of the policy, nothing wider than the window, no finding of axe.
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { chromium } from "playwright-core";

const dist = resolve(process.argv[2]);
const shots = resolve(process.env.OAT_SHOTS ?? "shots");
mkdirSync(shots, { recursive: true });
const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

const types = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
  ".svg": "image/svg+xml", ".xml": "application/xml",
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

// One page of each kind, and the first of each where there are many.
const first = (folder, wanted) => {
  const names = readdirSync(join(dist, folder)).filter((name) => existsSync(join(dist, folder, name, "index.html"))).sort();
  return `/${folder}/${names.includes(wanted) ? wanted : names[0]}/index.html`;
};
const pages = [
  "/index.html", first("types", "helm-chart"), first("types", "oci-image"), first("types", "oci-image-index"),
  first("media-types/application", "vnd.cncf.helm.config.v1+json"), first("roles", "signature"), first("rules", "overlapping-rules"),
  first("guides", "authors"), "/media-types/index.html", "/roles/index.html", "/rules/index.html", "/downloads/index.html",
  "/changes/index.html", "/404.html",
];

let passed = 0;
const failures = [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 768, 1440]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      for (const path of pages) {
        const page = await context.newPage();
        const problems = [];
        page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
        page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
        page.on("request", (request) => request.url().startsWith(origin) || problems.push(`request to ${request.url()}`));
        page.on("response", (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
        await page.goto(origin + path, { waitUntil: "load", timeout: 20000 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) problems.push(`${wide} px wider than the window`);
        // axe runs through the debugger, which the page's policy does not bind.
        if (width !== 768) {
          await page.evaluate(axe);
          const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
          for (const violation of result.violations) {
            problems.push(`axe ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
          }
        }
        const name = path.replace(/^\/|\/?index\.html$/g, "").replace(/[^a-z0-9]+/gi, "-") || "start";
        await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: false });
        if (problems.length === 0) passed += 1;
        else failures.push(`${path} at ${width} px, ${colorScheme}: ${[...new Set(problems)].join("; ")}`);
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.close();
}
for (const failure of failures) console.error(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
