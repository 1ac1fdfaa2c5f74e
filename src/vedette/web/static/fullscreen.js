/**
 * Full screen: of the page (the wall without its header), of one tile, or of one camera's view.
 */

/** Fills the screen with `element`, or leaves full screen. Browsers without it (iPhones) have no button for it. */
export async function toggleFullScreen(element) {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await element.requestFullscreen({ navigationUI: "hide" });
  } catch {
    // The browser may refuse (a kiosk, a frame without permission); the page stays as it is.
  }
}

/** Wires every [data-full-screen] button below `root`. Its value names what is filled: "page", or a selector's class or id. */
export function wireFullScreen(root = document) {
  for (const button of root.querySelectorAll("[data-full-screen]")) {
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener("click", () => toggleFullScreen(filled(button)));
  }
}

function filled(button) {
  switch (button.dataset.fullScreen) {
    case "tile":
      return button.closest(".tile");
    case "view":
      return document.getElementById("view");
    default:
      return document.documentElement;
  }
}
