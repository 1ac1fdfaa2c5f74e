/**
 * The error page: keys only. It asks for nothing, for what failed may fail again.
 */
import { toggleFullScreen, wireFullScreen } from "./fullscreen.js";
import { listen } from "./keys.js";

wireFullScreen();
listen({
  Escape: () => document.querySelector(".brand").click(),
  f: () => toggleFullScreen(document.documentElement),
});
