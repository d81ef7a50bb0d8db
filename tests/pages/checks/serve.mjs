// `oat serve`: a change of an entry reaches the open page, an error lies over it with its place, and nothing but the
// site is served. OAT names the program.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

// Status of a request as it stands, without what a browser would mend.
const status = (port, options) => new Promise((done, failed) => {
  request({ host: "127.0.0.1", port, ...options }, (response) => {
    response.resume();
    done(response.statusCode);
  }).on("error", failed).end();
});

export default async function serve(site) {
  const folder = mkdtempSync(join(tmpdir(), "oat-serve-"));
  const types = join(folder, "types");
  cpSync(process.env.OAT_TYPES, types, { recursive: true });
  const program = spawn(resolve(process.env.OAT), ["serve", "--port", "0"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const context = await site.browser.newContext();
  try {
    const address = await new Promise((found, failed) => {
      setTimeout(() => failed(new Error("oat serve says no address")), 20000).unref();
      createInterface({ input: program.stdout }).on("line", (line) => line.startsWith("http://") && found(line.split(" ")[0]));
      program.on("exit", (code) => failed(new Error(`oat serve ended with ${code}`)));
    });
    const port = Number(new URL(address).port);
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(`${address}types/helm-chart/index.html`);
    const entry = join(types, "helm-chart", "type.yaml");
    const before = readFileSync(entry, "utf8");

    writeFileSync(entry, before.replace("title: Helm chart", "title: Helm chart, renamed"));
    await page.getByRole("heading", { level: 1, name: "Helm chart, renamed" }).waitFor({ timeout: 10000 });
    site.passed();

    writeFileSync(entry, before.replace("title: Helm chart", "titel: <img src=x onerror=alert(1)>"));
    const overlay = page.getByRole("alert");
    await overlay.waitFor({ timeout: 10000 });
    const text = await overlay.innerText();
    site.holds(text.includes("types/helm-chart/type.yaml:3:1") && text.includes("unknown key `titel`"), `the overlay tells place and mistake: ${text}`);
    site.holds((await overlay.locator("img").count()) === 0, "text of an entry is no markup in the overlay");
    await page.screenshot({ path: join(site.shots, "serve-overlay.png") });

    writeFileSync(entry, before);
    await page.getByRole("heading", { level: 1, name: "Helm chart", exact: true }).waitFor({ timeout: 10000 });
    site.holds((await overlay.count()) === 0, "the overlay goes when the entry is right");
    site.holds(errors.length === 0, errors.join("; "));

    site.holds((await status(port, { path: "/../type.yaml" })) === 404, "a path can not leave the site");
    site.holds((await status(port, { path: "/", headers: { host: `evil.example:${port}` } })) === 421, "another host is refused");
    site.holds((await status(port, { path: "/", method: "POST" })) === 405, "only GET and HEAD are answered");
    const second = spawn(resolve(process.env.OAT), ["serve", "--port", String(port)], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    const other = await new Promise((found) => createInterface({ input: second.stdout }).on("line", (line) => line.startsWith("http://") && found(line)));
    second.kill();
    site.holds(!other.startsWith(address), "a taken port is left to its owner");
  } finally {
    program.kill();
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
