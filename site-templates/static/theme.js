// The theme that the reader chose, applied before anything is drawn; without this script the system decides.
"use strict";
(() => {
  const KEY = "theme";
  const root = document.documentElement;
  // Storage can be forbidden: then the choice holds for the page.
  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  apply(stored());
  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.getElementById("theme");
    if (!choice) return;
    choice.closest("[hidden]").hidden = false;
    choice.value = root.dataset.theme ?? "system";
    choice.addEventListener("change", () => {
      apply(choice.value);
      try {
        if (choice.value === "system") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, choice.value);
      } catch {
        // The choice holds for this page.
      }
    });
  });
})();
