// Marks the section in view in the list of contents. Without this script the list is a list of links.
"use strict";
(() => {
  if (!window.IntersectionObserver) return;
  // Sections of the page in order, each with its links.
  const sections = [...document.querySelectorAll("main section")].flatMap((section) => {
    const id = section.querySelector("h2[id]")?.id;
    const links = id ? [...document.querySelectorAll(`nav a[href="#${CSS.escape(id)}"]`)] : [];
    return links.length > 0 ? [{ section, id, links }] : [];
  });
  const footer = document.querySelector("footer");
  const inBand = new Set();
  let atEnd = false;
  // Whether some of a section is on the screen.
  const onScreen = ({ section }) => {
    const box = section.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  };
  // Above the first section the first one is next.
  const above = () => (sections[0]?.section.getBoundingClientRect().top > 0 ? sections[0] : undefined);
  // The section that is being read: at the end of the page the one that was asked for, or the last.
  const current = () => {
    const last = sections.findLast(({ section }) => inBand.has(section)) ?? above();
    if (!atEnd) return last;
    const asked = sections.find(({ id }) => `#${id}` === location.hash);
    return asked && onScreen(asked) && sections.indexOf(asked) > sections.indexOf(last) ? asked : sections.at(-1);
  };
  const mark = () => {
    const found = current();
    if (!found) return;
    for (const { links } of sections) {
      for (const link of links) {
        if (links === found.links) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  };
  // A band below the upper edge decides, so that a section counts from when its heading has arrived.
  const band = new IntersectionObserver((entries) => {
    for (const entry of entries) inBand[entry.isIntersecting ? "add" : "delete"](entry.target);
    mark();
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const { section } of sections) band.observe(section);
  if (footer) {
    new IntersectionObserver(([entry]) => {
      atEnd = entry.isIntersecting;
      mark();
    }).observe(footer);
  }
  window.addEventListener("hashchange", mark);
  // On a small screen the list closes behind the one who chose.
  document.querySelector(".contents-above")?.addEventListener("click", (event) => {
    if (event.target.closest("a")) event.currentTarget.open = false;
  });
})();
