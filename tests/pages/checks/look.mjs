// Opens a page of each kind at several widths, light and dark: no console error, no request to another origin, no
// violation of the policy, nothing wider than the window, no finding of axe. Keeps a picture of each.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export default async function look(site) {
  // The first page of a kind where there are many, unless the wanted one exists.
  const first = (folder, wanted) => {
    const names = readdirSync(join(site.dist, folder)).filter((name) => existsSync(join(site.dist, folder, name, "index.html"))).sort();
    return `/${folder}/${names.includes(wanted) ? wanted : names[0]}/index.html`;
  };
  const pages = [
    "/index.html",
    first("types", "helm-chart"),
    first("types", "oci-image"),
    first("types", "oci-image-index"),
    first("types", "cosign-signature"),
    first("types", "docker-schema1"),
    first("types", "estargz"),
    first("types", "opa-bundle"),
    first("media-types/application", "vnd.cncf.helm.config.v1+json"),
    first("roles", "signature"),
    first("rules", "overlapping-rules"),
    first("guides", "authors"),
    "/media-types/index.html",
    "/roles/index.html",
    "/playground/index.html",
    "/rules/index.html",
    "/downloads/index.html",
    "/changes/index.html",
    "/figures/index.html",
    "/registry/index.html",
    "/404.html",
    "/search/index.html?q=vnd.cncf.helm",
  ];
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 768, 1440]) {
      const context = await site.browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      for (const path of pages) {
        const { page, problems } = await site.open(context, path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) problems.push(`${wide} px wider than the window`);
        if (width !== 768) {
          await page.evaluate(site.axe);
          const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
          for (const violation of result.violations) {
            problems.push(`axe ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
          }
        }
        const name = path.replace(/^\/|\/?index\.html$/g, "").replace(/[^a-z0-9]+/gi, "-") || "start";
        await page.screenshot({ path: join(site.shots, `${name}-${width}-${colorScheme}.png`), fullPage: false });
        site.holds(problems.length === 0, `${path} at ${width} px, ${colorScheme}: ${[...new Set(problems)].join("; ")}`);
        await page.close();
      }
      await context.close();
    }
  }
}
