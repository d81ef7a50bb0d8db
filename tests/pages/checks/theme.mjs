// The theme follows the system, can be chosen, and the choice outlives the page.
export default async function theme(site) {
  const context = await site.browser.newContext({ colorScheme: "light" });
  const { page, problems } = await site.open(context, "/index.html");
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  const select = page.getByLabel("Theme");
  await select.selectOption("dark");
  const dark = await background();
  site.holds(light !== dark, `the chosen theme changes the background: ${light}, ${dark}`);
  await page.goto(`${site.origin}/types/helm-chart/index.html`);
  site.holds((await background()) === dark, "the chosen theme holds on the next page");
  await select.selectOption("system");
  site.holds((await background()) === light, "the theme of the system comes back");
  await page.reload();
  site.holds((await background()) === light, "and stays");
  await page.emulateMedia({ colorScheme: "dark" });
  site.holds((await background()) === dark, "the theme follows the system");
  site.holds(problems.length === 0, problems.join("; "));
  await context.close();
}
