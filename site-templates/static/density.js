// The density of the listing that the reader chose, applied before anything is drawn, and the button that changes it.
"use strict";
(() => {
  const KEY = "density";
  const COMPACT = "compact";
  const root = document.documentElement;
  // Storage can be forbidden: then the choice holds for the page.
  try {
    if (localStorage.getItem(KEY) === COMPACT) root.dataset.density = COMPACT;
  } catch {
    // Comfortable.
  }
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("density");
    if (!button) return;
    const show = () => button.setAttribute("aria-pressed", String(root.dataset.density === COMPACT));
    show();
    button.addEventListener("click", () => {
      if (root.dataset.density === COMPACT) delete root.dataset.density;
      else root.dataset.density = COMPACT;
      show();
      try {
        if (root.dataset.density === COMPACT) localStorage.setItem(KEY, COMPACT);
        else localStorage.removeItem(KEY);
      } catch {
        // The choice holds for this page.
      }
    });
  });
})();
