// `npm run pictures`: README's pictures, of the playground's page in a real browser.
import { startPage } from "../../src/playground/page-server.ts";
import { OWNER, startPlayground } from "../../src/playground/playground.ts";
import {
  BROWSER,
  type BrowserPage,
  NO_BROWSER,
  openInBrowser,
  texts,
} from "../../tests/support/browser.ts";
import { converse } from "./conversation.ts";

const FOLDER = new URL("../../docs/", import.meta.url).pathname;
const PICTURES = [
  { name: "page.png", width: 1280, height: 860, density: 1 },
  { name: "thread-phone.png", width: 390, height: 780, density: 2 },
] as const;
/** They are part of every clone. */
const MAX_BYTES = 200_000;
type Picture = (typeof PICTURES)[number];

async function open(path: string, url: string, picture: Picture): Promise<BrowserPage> {
  const { width, height, density } = picture;
  const browser = await openInBrowser(path, url, picture);
  await browser.view.cdp("Emulation.setDeviceMetricsOverride", {
    ...{ width, height, deviceScaleFactor: density, mobile: false },
  });
  // The same picture wherever it is made.
  await browser.view.cdp("Emulation.setTimezoneOverride", { timezoneId: "UTC" });
  await browser.view.cdp("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: "light" }],
  });
  await browser.view.reload();
  return browser;
}

const SCROLLED_FROM_END = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
  document.querySelector(".thread .posts"))`;

async function take({ view, becomes }: BrowserPage, { name, width, height }: Picture) {
  await becomes(
    "the thread, whole",
    `${texts(".thread .post .body")}.at(-1)?.includes("git push")`,
  );
  await becomes("its three reactions", `${texts(".thread .post:last-child .reaction")}.length > 2`);
  await becomes("its end", `${SCROLLED_FROM_END} < 2`);
  await becomes("the bot's status", `${texts(".bot-status")}[0] !== ""`);
  await view.evaluate("document.fonts.ready.then(() => true)");
  const picture = await view.screenshot();
  if (picture.size >= MAX_BYTES) throw new Error(`docs/${name} has ${picture.size} bytes.`);
  await Bun.write(`${FOLDER}${name}`, picture);
  console.log(`docs/${name}: ${width} × ${height}, ${Math.round(picture.size / 1000)} kB`);
}

async function makePictures(path: string): Promise<void> {
  const playground = await startPlayground({ wordMs: 1 });
  const page = await startPage({ mattermost: playground.mattermost, owner: OWNER, port: 0 });
  try {
    const browsers: BrowserPage[] = [];
    await converse(playground, async (rootId) => {
      for (const picture of PICTURES)
        browsers.push(await open(path, `${page.url}#thread/${rootId}`, picture));
    });
    for (const [index, browser] of browsers.entries()) {
      const picture = PICTURES[index];
      if (picture !== undefined) await take(browser, picture);
    }
  } finally {
    Bun.WebView.closeAll();
    await page.stop();
    await playground.stop();
  }
}

if (BROWSER === undefined) {
  console.error(NO_BROWSER);
  process.exit(1);
}
await makePictures(BROWSER);
