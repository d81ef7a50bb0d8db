// Adds a copy button to commands and examples. Without this script the text can be selected like any other.
"use strict";
(() => {
  if (!navigator.clipboard) return;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);
  for (const block of document.querySelectorAll("pre[data-copy]")) {
    const frame = document.createElement("div");
    frame.className = "copyable";
    block.replaceWith(frame);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.textContent);
        button.textContent = "Copied";
        status.textContent = "Copied";
      } catch {
        button.textContent = "Failed";
        status.textContent = "Copying failed";
      }
      setTimeout(() => {
        button.textContent = "Copy";
        status.textContent = "";
      }, 1500);
    });
    frame.append(block, button);
  }
})();
