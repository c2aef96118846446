// The playground's page in a real browser, for everyone: by keyboard, in both themes, on a phone's width. No OpenCode is needed for that.
import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import axe from "axe-core";
import { z } from "zod";
import { type Page, startPage } from "../../../src/playground/page-server.ts";
import { type StandIn, startStandIn } from "../../../src/playground/stand-in/stand-in.ts";
import {
  BROWSER,
  type BrowserPage,
  NO_BROWSER,
  openInBrowser,
  texts,
} from "../../support/browser.ts";

const EVERYTHING = `✅ **payments-api** · 3 s

# Heading
**bold** *italic* ~~gone~~ \`code\` [link](https://a.example) @alice @bob <img src=x onerror=alert(1)>
> a quote

- [x] done
- [ ] open

\`\`\`ts
// a comment
export const greeting: string = "hello, this is a line that is much too long for the width of a phone" + 1;
\`\`\`
\`\`\`diff
-old
+new
\`\`\`

| name | count |
|---|---:|
| one | 1 |
| two | 2 |

![a picture](https://a.example/x.png)`;

let mattermost: StandIn;
let page: Page;
let browser: BrowserPage;
let older: string;
let newer: string;

/** No two posts of the same millisecond: their order would be anyone's guess. */
let clock = 0;
const now = (): number => {
  clock = Math.max(clock + 1, Date.now());
  return clock;
};

const bot = () => mattermost.as("opencode");
const inDm = async (message: string, rootId = "") => {
  const channelId = await mattermost.as("alice").dm();
  const card = { opencode_mattermost: { session_id: `ses_${message.length}` } };
  return bot().post(message, { channelId, rootId, ...(rootId === "" && { props: card }) });
};

beforeEach(async () => {
  mattermost = await startStandIn({ now });
  older = await inDm("🟢 **docs-site** · Rewrite the quickstart");
  newer = await inDm("🟢 **payments-api** · Fix the flaky retry test\n`~/payments-api` · `main`");
  page = await startPage({ mattermost, owner: "alice", port: 0 });
  if (BROWSER === undefined) return;
  browser = await openInBrowser(BROWSER, page.url);
  await browser.becomes("the newest thread", `${texts(".thread .where")}[0].includes("payments")`);
});
afterEach(async () => {
  if (BROWSER !== undefined) browser.view.close();
  await page.stop();
  await mattermost.stop();
});
afterAll(() => Bun.WebView.closeAll());

const systemTheme = (value: "light" | "dark") =>
  browser.view.cdp("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value }],
  });
const isTheme = (theme: string) => `document.documentElement.dataset.theme === "${theme}"`;
const focused = (selector: string) =>
  `document.activeElement?.matches(${JSON.stringify(selector)}) === true`;

const Findings = z.array(z.object({ id: z.string(), impact: z.string(), places: z.string() }));
const LOOK = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(
  violations.map(({ id, impact, nodes }) => ({ id, impact,
    places: nodes.map(({ html, failureSummary }) => html + " " + failureSummary).join("\\n") }))))`;

function inBrowser(): void {
  test("axe finds nothing, in both themes and widths", async () => {
    const { view, becomes } = browser;
    const answer = await inDm(EVERYTHING, newer);
    await mattermost.as("alice").react(answer, "white_check_mark");
    await bot().react(answer, "x");
    await inDm("something new", older);
    await becomes("the answer", `document.querySelector(".thread .hljs-addition") !== null`);
    await becomes("the news", `${texts(".lobby .unread")}.length === 1`);
    expect(await view.evaluate<number>(`document.querySelectorAll(".body img").length`)).toBe(0);
    await view.cdp("Runtime.evaluate", { expression: axe.source });
    const all: unknown[] = [];
    const look = async (where: string): Promise<void> => {
      const findings = Findings.parse(JSON.parse(await view.evaluate<string>(LOOK)));
      all.push(...findings.map((finding) => ({ where, ...finding })));
    };
    await systemTheme("light");
    for (const theme of ["light", "dark"]) {
      await becomes(theme, isTheme(theme));
      await view.resize(1280, 900);
      await view.evaluate(`document.querySelector(".thread .add").click()`);
      await look(`${theme}, wide`);
      await view.resize(390, 844);
      await becomes("the fold", `${texts(".thread .more:not([hidden])")}.join() === "Show more"`);
      await look(`${theme}, thread on a phone`);
      await view.evaluate(`location.hash = ""`);
      await becomes("the list", `!document.body.classList.contains("in-thread")`);
      await look(`${theme}, list on a phone`);
      await view.evaluate(`location.hash = "#thread/${newer}"`);
      await view.click(".theme");
    }
    expect(all).toEqual([]);

    await view.click(".thread .more:not([hidden])");
    const rest = `document.querySelector(".thread .body.folded:has(table)") === null`;
    await becomes("the whole post", rest);
  }, 120_000);

  test("the theme is the system's until one is chosen, which a reload keeps", async () => {
    const { view, becomes } = browser;
    await systemTheme("dark");
    await becomes("the system's", isTheme("dark"));
    await view.click(".theme");
    await becomes("the chosen one", isTheme("light"));
    await view.reload();
    await becomes("the chosen one again", isTheme("light"));
  });

  test("the keyboard is enough: choose a thread, reply, react, go back", async () => {
    const { view, becomes } = browser;
    const press = (...keys: readonly string[]) =>
      keys.reduce((before, key) => before.then(() => view.press(key)), Promise.resolve());
    await press("ArrowUp");
    await becomes("the card above", focused(`[data-id="${older}"] .replies`));
    await press("Enter");
    await becomes("its reply box", focused(".thread textarea"));
    await view.type("by keyboard");
    await press("Enter");
    const reply = await mattermost.until("the reply", () =>
      mattermost.posts({ rootId: older }).find(({ message }) => message === "by keyboard"),
    );
    await becomes("the reply on the page", `${texts(".thread .post")}.length === 2`);

    await view.evaluate(`document.querySelector('[data-id="${reply.id}"] .add').focus()`);
    await press("Enter");
    await becomes("the first emoji", focused(".pick:first-child"));
    await bot().edit(older, "⏳ **docs-site** · at work");
    await becomes("the edit", `${texts(".thread .where")}[0].includes("at work")`);
    await press("Escape");
    await becomes("the way back", focused(`[data-id="${reply.id}"] .add`));
    await press("Enter", "Enter");
    await mattermost.until("the reaction", () => mattermost.reactions(reply.id).length === 1);

    await press("Escape");
    await becomes("the card of the thread", focused(`.lobby [data-id="${older}"] .replies`));
    expect<unknown>(await view.evaluate("location.hash")).toBe("");
  });

  test("what is new is marked in the list and in the title until it is seen, also after a reload", async () => {
    const { view, becomes } = browser;
    const unread = (count: number, title: string) =>
      `${texts(".lobby .unread")}.length === ${count} && document.title === ${JSON.stringify(title)}`;
    await becomes("nothing new at first", unread(0, "Playground"));
    await inDm("✅ **docs-site** · 3 s", older);
    await inDm("✅ **payments-api** · seen at once", newer);
    await becomes("the mark", unread(1, "(1) Playground"));
    await becomes(
      "the word for a screen reader",
      `${texts(".unseen p")}.some((it) => it.includes("Rewrite the quickstart: ✅"))`,
    );
    await view.reload();
    await becomes("the mark after a reload", unread(1, "(1) Playground"));
    await view.click(`.lobby [data-id="${older}"] .replies`);
    await becomes("seen", unread(0, "Playground"));
    await view.reload();
    await becomes("the thread again", `${texts(".thread .where")}[0].includes("docs-site")`);
    await becomes("still seen", unread(0, "Playground"));
  });

  test("a thread stays at its end while much comes at once, and where its reader has scrolled up", async () => {
    const { view, becomes } = browser;
    const below = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
      document.querySelector(".thread .posts"))`;
    const come = async (count: number) => {
      await Promise.all(Array.from({ length: 12 }, () => inDm(EVERYTHING, newer)));
      await becomes("all of it", `${texts(".thread .hljs-addition")}.length === ${count}`);
    };
    await come(12);
    await becomes("the end", `${below} < 2`);
    await view.evaluate(`document.querySelector(".thread .posts").scrollTop = 100`);
    await come(24);
    expect<unknown>(await view.evaluate(`document.querySelector(".thread .posts").scrollTop`)).toBe(
      100,
    );
  });

  test("the first visit offers three prompts; what is tapped goes to the newest session", async () => {
    const { view, becomes } = browser;
    const prompts = (count: number) =>
      `document.querySelectorAll(".prompt:not([hidden])").length === ${count}`;
    await becomes("three prompts", prompts(3));
    await view.click(".prompt:nth-of-type(2)");
    const reply = () =>
      mattermost.posts({ rootId: newer }).find(({ message }) => message === "bash npm test");
    await mattermost.until("the prompt", reply);
    await becomes("two left", prompts(2));
    await mattermost.as("alice").post("my own words", { rootId: older });
    await becomes("none left", `document.querySelector(".first-steps").hidden`);
  });

  test("what Mattermost refuses is said where it was tried, and stays to be sent again", async () => {
    const { view, becomes } = browser;
    mattermost.revoke(mattermost.as("alice").account.token);
    await view.click(".thread textarea");
    await view.type("not to be lost");
    await view.press("Enter");
    await becomes("the reason", `${texts(".thread .problem")}[0].startsWith("Not sent: ")`);
    expect<unknown>(await view.evaluate(`document.querySelector(".thread textarea").value`)).toBe(
      "not to be lost",
    );
    await view.evaluate(`document.querySelector(".thread .add").click()`);
    await view.press("Enter");
    await becomes("the other reason", `${texts(".bar .line")}[0].startsWith("Not done: ")`);
  });
}

/** Without a browser: it is a page with a language, a title, landmarks and headings. */
async function asServed(): Promise<void> {
  const html = await (await fetch(page.url)).text();
  for (const part of ['<html lang="en"', "<title>", "<main", "<h1", 'aria-label="Thread"'])
    expect(html).toContain(part);
}

if (BROWSER) inBrowser();
else if (process.env["CI"]) throw new Error(NO_BROWSER);
else test(`the page is made for everyone; ${NO_BROWSER}`, asServed);
