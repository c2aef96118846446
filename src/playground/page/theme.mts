import { button } from "./element.mts";
import { remember, remembered } from "./memory.mts";

const KEY = "playground-theme";
type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = (): Theme | undefined => {
  const value = remembered(KEY);
  return value === "light" || value === "dark" ? value : undefined;
};
const wanted = (): Theme => chosen() ?? (system.matches ? "dark" : "light");

/** Shows the theme of the system until another one is chosen, which stays chosen; gives the switch. */
export function createThemeSwitch(): HTMLElement {
  const node = button("theme", "Dark theme", () => {
    remember(KEY, wanted() === "dark" ? "light" : "dark");
    show();
  });
  function show(): void {
    const theme = wanted();
    document.documentElement.dataset["theme"] = theme;
    node.textContent = theme === "dark" ? "☀" : "☾";
    node.setAttribute("aria-pressed", String(theme === "dark"));
  }
  system.addEventListener("change", show);
  window.addEventListener("storage", show);
  show();
  return node;
}
