// The listing: filters, their counts, the address, the way back, order, density, cards, and the table without JavaScript.
import { pathToFileURL } from "node:url";

export default async function listing(site) {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page, problems } = await site.open(context, "/index.html");
  const rows = page.locator("#listing tbody tr:visible");
  const total = await rows.count();
  const count = page.locator("#listing-count");
  const number = async () => Number((await count.textContent()).split(" ")[0]);
  const open = (name) => page.locator("#filters summary").filter({ hasText: new RegExp(`^${name}`) }).click();
  const option = (name, value) => page.locator(`#filters fieldset[data-filter="${name}"] label`).filter({ has: page.locator(`input[value="${value}"]`) });
  const query = () => new URL(page.url()).search;

  // A filter, its count, a second value, a second filter.
  await open("Role");
  const said = Number(await option("role", "signature").locator(".quiet").textContent());
  await option("role", "signature").click();
  site.holds((await rows.count()) === said && (await number()) === said, `the count of a value is what it leaves: ${said}`);
  site.holds(query() === "?role=signature", `the address names the filter: ${query()}`);
  const sbom = Number(await option("role", "sbom").locator(".quiet").textContent());
  await option("role", "sbom").click();
  const both = await rows.count();
  site.holds(both > said && both <= said + sbom, "a second value adds rows");
  await page.keyboard.press("Escape");
  site.holds((await page.locator("#filters details[open]").count()) === 0, "Escape closes the list");
  await open("Status");
  const active = Number(await option("status", "active").locator(".quiet").textContent());
  site.holds(active <= both, "counts follow the other filters");
  await option("status", "active").click();
  site.holds((await rows.count()) === active && query() === "?role=signature,sbom&status=active", `two filters: ${query()}`);
  await page.locator("#filters summary").filter({ hasText: /^Status/ }).click();
  await page.screenshot({ path: `${site.shots}/listing-filtered.png` });

  // The address brings everything back; so does the way back from another page.
  await page.getByRole("button", { name: "Since" }).click();
  site.holds(query().endsWith("&sort=year"), `the order stands in the address: ${query()}`);
  await page.locator("#filter-text").fill("a");
  const before = [await rows.allInnerTexts(), await page.locator(".chip").allInnerTexts()].flat().join("\n");
  const address = page.url();
  await rows.first().locator("th a").click();
  await page.waitForURL("**/types/*/index.html");
  await page.goBack();
  await page.waitForURL(address);
  const again = async () => [await rows.allInnerTexts(), await page.locator(".chip").allInnerTexts()].flat().join("\n");
  await page.locator(".chip").first().waitFor();
  site.holds((await again()) === before, "the way back restores rows, order and chips");
  await page.goto(address);
  site.holds((await again()) === before && (await page.locator("#filter-text").inputValue()) === "a", "the address restores everything");

  // Chips take filters away; clear takes all.
  await page.getByRole("button", { name: "Remove the filter role: sbom" }).click();
  site.holds(query() === "?q=a&role=signature&status=active&sort=year", `a chip takes its filter away: ${query()}`);
  await page.getByRole("button", { name: "Clear all filters" }).click();
  site.holds((await rows.count()) === total && query() === "?sort=year", "clear brings all rows back");

  // Order.
  const titles = () => rows.locator("th bdi").evaluateAll((found) => found.slice(0, 400).map((one) => one.textContent));
  const years = () => rows.evaluateAll((found) => found.map((row) => row.cells[5].textContent).filter(Boolean));
  const upward = await years();
  site.holds(upward.length > 0 && upward.join() === [...upward].sort().join(), "ordered by year");
  site.holds((await page.locator("th[data-sort=year]").getAttribute("aria-sort")) === "ascending", "aria-sort says so");
  await page.getByRole("button", { name: "Since" }).click();
  site.holds((await years()).join() === [...upward].reverse().join() || (await years())[0] === upward.at(-1), "and downward");
  site.holds((await page.locator("th[data-sort=year]").getAttribute("aria-sort")) === "descending" && query() === "?sort=-year", "aria-sort says so");
  const byYear = await titles();
  await page.getByRole("button", { name: "Type", exact: true }).click();
  site.holds(query() === "" && (await titles()).join() !== byYear.join(), "ordered by title again");

  // Every parameter of the contract narrows the listing, and what nobody has leaves nothing.
  for (const search of ["q=vnd.cncf.helm", "role=chart", "status=deprecated,withdrawn", "tier=verified", "tool=oras", "family=vnd.cncf", "kind=facet",
    "iana=registered", "evidence=artifact-type", "icon=own", "actions=yes", "year=2019", "publisher=helm"]) {
    await page.goto(`${site.origin}/index.html?${search}`);
    const left = await number();
    site.holds(left > 0 && left < total && left === (await rows.count()), `${search} leaves ${left} of ${total}`);
    const [name, values] = search.split("=");
    const complement = { kind: "type", iana: "not-registered", icon: "role", actions: "no" }[name];
    if (complement) {
      await page.goto(`${site.origin}/index.html?${name}=${complement}`);
      site.holds((await number()) + left === total, `${name}: ${values} and ${complement} are all`);
    }
  }
  const hostile = "<img src=x onerror=alert(1)>";
  await page.goto(`${site.origin}/index.html?role=${encodeURIComponent(hostile)}&q=${encodeURIComponent(hostile)}&sort=__proto__`);
  site.holds((await page.locator(".chip").innerText()).includes(hostile) && (await page.locator("img[src=x]").count()) === 0, "hostile text of the address is text");
  site.holds((await page.locator("#listing-empty").isVisible()) && (await number()) === 0, "nothing left: the page says what to do");
  await page.getByRole("button", { name: "Clear all filters" }).click();

  // A long list can be searched.
  await open("Publisher");
  const publishers = page.locator("#filters fieldset[data-filter=publisher] label:visible");
  const many = await publishers.count();
  await page.getByLabel("Find in the list: publisher").fill("docker");
  site.holds((await publishers.count()) > 0 && (await publishers.count()) < many, "a long list can be searched");
  await page.evaluate(site.axe);
  const axe = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  site.holds(axe.violations.length === 0, `axe with a list open: ${axe.violations.map((found) => `${found.id} ${found.nodes[0].html}`).join("; ")}`);
  await page.mouse.click(700, 10);
  site.holds((await page.locator("#filters details[open]").count()) === 0, "a press elsewhere closes the list");

  // Keyboard alone.
  await page.locator("#filters summary").first().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  site.holds((await number()) < total && query().startsWith("?role="), `the keyboard alone filters: ${query()}`);
  await page.keyboard.press("Escape");
  await page.goto(`${site.origin}/index.html`);

  // Density outlives the page.
  const height = () => rows.first().evaluate((row) => row.getBoundingClientRect().height);
  const comfortable = await height();
  await page.getByRole("button", { name: "Compact" }).click();
  const compact = await height();
  await page.reload();
  site.holds(compact < comfortable && (await height()) === compact, `compact rows are lower, and stay so: ${comfortable}, ${compact}`);
  site.holds((await page.getByRole("button", { name: "Compact" }).getAttribute("aria-pressed")) === "true", "the button says so");
  await page.screenshot({ path: `${site.shots}/listing-compact.png` });
  await page.getByRole("button", { name: "Compact" }).click();
  site.holds((await height()) === comfortable, "comfortable again");
  site.holds(problems.length === 0, problems.join("; "));

  // How long a change takes, with layout.
  const times = await page.evaluate(() => {
    const field = document.getElementById("filter-text");
    return ["a", "vnd", "zzzz", "o", ""].map((text) => {
      field.value = text;
      const start = performance.now();
      field.dispatchEvent(new Event("input"));
      document.body.getBoundingClientRect();
      return performance.now() - start;
    });
  });
  console.log(`  a filter takes ${times.map((time) => time.toFixed(1)).join(", ")} ms`);
  await context.close();

  // Narrow: cards, nothing scrolls sideways.
  const narrow = await site.browser.newContext({ viewport: { width: 320, height: 800 } });
  const { page: small } = await site.open(narrow, "/index.html?role=chart");
  const wide = await small.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const table = await small.locator(".scroll").first().evaluate((box) => box.scrollWidth - box.clientWidth);
  site.holds(wide <= 0 && table <= 0, `cards at 320 px: ${wide}, ${table} px too wide`);
  await small.locator("#filters summary").first().click();
  await small.screenshot({ path: `${site.shots}/listing-narrow.png` });
  const panel = await small.locator("#filters details[open] .panel").boundingBox();
  site.holds(panel.x >= 0 && panel.x + panel.width <= 320, "a list of a filter fits");
  await narrow.close();

  // Without JavaScript, and without a server.
  const plain = await site.browser.newContext({ javaScriptEnabled: false });
  const { page: still } = await site.open(plain, "/index.html?role=chart");
  site.holds((await still.locator("#listing tbody tr:visible").count()) === total, "without JavaScript the table is whole");
  site.holds(!(await still.locator("#filters").isVisible()) && !(await still.locator("#chips").isVisible()), "and no control that would do nothing is shown");
  await plain.close();
  const folder = await site.browser.newContext();
  const disk = await folder.newPage();
  await disk.goto(`${pathToFileURL(`${site.dist}/index.html`).href}?role=chart&sort=-title`);
  const shown = await disk.locator("#listing tbody tr:visible").count();
  site.holds(shown > 0 && shown < total, `from a disk: ${shown} rows`);
  await disk.locator("#filter-text").fill("helm");
  site.holds((await disk.locator("#listing tbody tr:visible").count()) <= shown, "from a disk the text filters");
  await folder.close();
}
