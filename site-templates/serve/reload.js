// The preview's own part of a page: reloads it when a newer site was built, and shows what prevents the next.
"use strict";
(() => {
  let shown = null;
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  // One finding: place, what is wrong, what to do, and the rule's page.
  const item = (finding) => {
    const made = element("li", undefined, finding.level);
    const span = finding.span ? `:${finding.span.line}:${finding.span.column}` : "";
    made.append(element("code", `${finding.file}${span}`), element("p", finding.message));
    if (finding.help) made.append(element("p", finding.help, "help"));
    const rule = element("a", finding.rule);
    rule.href = `/rules/${encodeURIComponent(finding.rule)}/index.html`;
    made.append(rule);
    return made;
  };
  // The overlay over the page, or none.
  const overlay = (findings) => {
    document.getElementById("oat-overlay")?.remove();
    if (!findings) return;
    const frame = element("section", undefined);
    frame.id = "oat-overlay";
    frame.setAttribute("role", "alert");
    frame.setAttribute("aria-labelledby", "oat-overlay-title");
    const errors = findings.summary.errors;
    const title = element("h2", errors === 1 ? "The catalog has an error" : `The catalog has ${errors} errors`);
    title.id = "oat-overlay-title";
    const close = element("button", "Close");
    close.type = "button";
    close.addEventListener("click", () => frame.remove());
    const list = element("ol");
    list.append(...findings.findings.slice(0, 50).map(item));
    frame.append(close, title, element("p", "The page shows the last site that could be built."), list);
    if (findings.findings.length > 50) frame.append(element("p", `and ${findings.findings.length - 50} more`));
    document.body.append(frame);
  };
  const events = new EventSource("/_oat/events");
  events.addEventListener("message", (event) => {
    const { build, findings } = JSON.parse(event.data);
    if (shown !== null && build !== shown) {
      location.reload();
      return;
    }
    shown = build;
    overlay(findings);
  });
})();
