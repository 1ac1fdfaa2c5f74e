/**
 * Dialogs that are made when they are needed and gone when they are closed.
 */
import { button, make } from "./elements.js";

let number = 0;

/**
 * Opens a dialog; it is taken away when it is closed, and the focus goes back to where it was.
 *
 * @param {string} title
 * @param {...Node} content
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, ...content) {
  number += 1;
  const id = `dialog-${number}`;
  const dialog = make("dialog", { className: "dialog", aria: { labelledby: id } }, make("h2", { id, textContent: title }), ...content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something is done that cannot be taken back.
 *
 * @param {{title: string, text: string, verb: string}} question `verb` stands on the button that does it
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, verb }) {
  return new Promise((resolve) => {
    const close = (value) => () => dialog.close(value);
    const no = button("Cancel", close("no"), { autofocus: true });
    const yes = button(verb, close("yes"), { className: "button button--text button--grave" });
    const dialog = openDialog(title, make("p", { textContent: text }), make("div", { className: "choices" }, no, yes));
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}
