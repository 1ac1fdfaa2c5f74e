/**
 * The chosen theme: system, light or dark. Kept in this browser, under "vedette.theme".
 *
 * The only classic script: it runs before the first paint, so that a chosen theme never flashes in the other one. What the
 * themes look like stands in vedette.css; this file only sets `data-theme` on the root.
 */
(() => {
  const KEY = "vedette.theme";
  const THEMES = ["system", "light", "dark"];
  const root = document.documentElement;

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage can be forbidden; the theme then lasts as long as the page
    }
  };

  const apply = (theme) => {
    root.dataset.theme = THEMES.includes(theme) ? theme : "system";
  };

  const show = (button) => {
    const name = `Theme: ${root.dataset.theme}`;
    button.title = name;
    button.setAttribute("aria-label", name);
    button.querySelector("use").setAttribute("href", `#icon-${root.dataset.theme}`);
  };

  apply(stored());

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    show(button);
    button.addEventListener("click", () => {
      apply(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]);
      show(button);
      try {
        localStorage.setItem(KEY, root.dataset.theme);
      } catch {
        // as above
      }
    });
    addEventListener("storage", (event) => {
      if (event.key !== KEY) return;
      apply(event.newValue);
      show(button);
    });
  });
})();
