// Adds a copy button to commands and examples. Without this script the text can be selected like any other.
"use strict";
(() => {
  if (!navigator.clipboard) return;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);
  // The text of a block: that of its pieces, where explanations stand between them.
  const textOf = (block) => {
    const pieces = [...block.querySelectorAll("[data-copy-piece]")];
    return (pieces.length > 0 ? pieces : [block]).map((piece) => piece.textContent).join("");
  };
  for (const block of document.querySelectorAll("[data-copy]")) {
    const frame = document.createElement("div");
    frame.className = "copyable";
    block.replaceWith(frame);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(textOf(block));
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
