/**
 * The keyboard: a table of keys per page, and the dialog that lists them (its text stands in the page's template).
 */

/**
 * @param {Record<string, (event: KeyboardEvent) => unknown>} table what each key does, by the name of the key; letters in lower
 *   case. A function that returns false leaves the key to the browser.
 */
export function listen(table) {
  const help = document.getElementById("help");
  document.getElementById("help-button").addEventListener("click", () => help.showModal());
  help.addEventListener("click", (event) => event.target === help && help.close());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const open = document.querySelector("dialog[open]");
    if (event.key === "?" && (!open || help.open)) return help.open ? help.close() : help.showModal();
    if (open) return;
    const act = table[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && act(event) !== false) event.preventDefault();
  });
}
