/** Chromium or Chrome, where they usually are; `BUN_CHROME_PATH` names another one. */
export const BROWSER = [
  process.env["BUN_CHROME_PATH"],
  ...["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].map((name) =>
    Bun.which(name),
  ),
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path): path is string => (path ? Bun.file(path).size > 0 : false));

export const NO_BROWSER =
  "This needs Chromium or Chrome: install one (apt-get install chromium), or name it in BUN_CHROME_PATH.";

const SHOWN_WITHIN_MS = 60_000;

/** A page in a real browser. */
export interface BrowserPage {
  readonly view: Bun.WebView;
  /** What the page wrote to its console as an error, so far. */
  readonly problems: readonly unknown[];
  /** Waits until the script, an expression, is true; rejects with what the page shows instead. */
  becomes(what: string, script: string): Promise<void>;
}

/** Opens the address in the browser at `path`, one of a phone's or a desktop's width. */
export async function openInBrowser(
  path: string,
  url: string,
  { width = 1280, height = 900 } = {},
): Promise<BrowserPage> {
  const problems: unknown[] = [];
  const view = new Bun.WebView({
    backend: { type: "chrome", url: false, path, argv: ["--no-sandbox"] },
    width,
    height,
    console: (type, ...args) => void (type === "error" && problems.push(args)),
  });
  await view.navigate(url);
  return {
    view,
    problems,
    async becomes(what, script) {
      const deadline = Date.now() + SHOWN_WITHIN_MS;
      while (!(await view.evaluate(script))) {
        if (Date.now() > deadline) {
          const shown = await view.evaluate("document.body.innerText");
          throw new Error(`${what}: not on the page, which shows\n${shown}`);
        }
        await Bun.sleep(20);
      }
    },
  };
}

/** An expression for the texts of all elements that the selector names. */
export const texts = (selector: string): string =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].map((it) => it.innerText)`;
