/**
 * Copy buttons: [data-copy] names the element whose text goes to the clipboard.
 */

const SAID_MS = 3000;

export function wireCopy() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      say(button, (await copy(source)) ? "Copied" : "Press Ctrl+C");
    });
  }
}

// navigator.clipboard exists on https and localhost only; on a home network's plain http the old command still works. If
// that is refused too, the text is selected and one key away.
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}

function say(button, text) {
  document.getElementById("announcer").textContent = text;
  button.dataset.said = text;
  setTimeout(() => delete button.dataset.said, SAID_MS);
}
