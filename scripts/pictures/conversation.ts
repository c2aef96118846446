import type { ScriptedModel } from "../../src/playground/model/scripted-model.ts";
import { OWNER, type Playground } from "../../src/playground/playground.ts";
import type { StandInPost } from "../../src/playground/stand-in/stand-in.ts";

const WITHIN_MS = 60_000;

const RETRY_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff } from "./retry.js";

test("waits longer before every attempt", () => {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    assert.ok(backoff(attempt + 1) > backoff(attempt));
  }
});
`;

const FIXED = `Fixed. \`backoff()\` rounded **down**, so two attempts could wait equally long – and the test, which asked for *longer*, lost.

\`\`\`diff
- Math.floor(100 * 1.5 ** attempt)
+ Math.ceil(100 * 1.5 ** attempt)
\`\`\`

- the wait is rounded up now, in \`src/retry.js\`
- the test compares the first five attempts

Shall I push it to a branch?`;

const todo = (content: string, status: string) => ({ content, status, priority: "medium" });
const todos = (...done: readonly boolean[]) => ({
  tool: "todowrite",
  args: {
    todos: ["find the lost race", "mend it", "run the suite"].map((content, index) =>
      todo(content, done[index] ? "completed" : "pending"),
    ),
  },
});

function teach(model: ScriptedModel): void {
  model.on(/retry test/, [
    [
      { text: "I look at the test first, then at what it waits for." },
      { tool: "read", args: { filePath: "src/retry.test.js" } },
      { tool: "read", args: { filePath: "src/retry.js" } },
    ],
    [
      {
        tool: "edit",
        args: { filePath: "src/retry.js", oldString: "Math.floor", newString: "Math.ceil" },
      },
      { tool: "write", args: { filePath: "src/retry.test.js", content: RETRY_TEST } },
    ],
    [{ tool: "bash", args: { command: "npm test", description: "Run the tests" } }],
    [todos(true, true, true)],
    [{ text: FIXED }],
  ]);
  model.on(/push it/, [
    [
      {
        tool: "bash",
        args: { command: "git push origin HEAD:fix/retry", description: "Push the branch" },
      },
    ],
  ]);
  model.on(/quickstart/, [
    [{ tool: "read", args: { filePath: "docs/quickstart.md" } }],
    [{ text: "It has three steps now, each with the command and what it prints." }],
  ]);
  model.on(/React/, [
    [
      {
        tool: "question",
        args: {
          questions: [
            {
              question: "Three components have defaultProps. What shall become of them?",
              header: "defaultProps",
              options: [
                { label: "Default parameters", description: "As React 19 wants it" },
                { label: "Leave them", description: "And stay on React 18" },
              ],
            },
          ],
        },
      },
    ],
  ]);
}

const SHOP = { name: "web-shop", title: "Upgrade to React 19" };

/** Three sessions: one is done, one asks something, and one wants to push. `watch` is given the last one's thread before anything is said. */
export async function converse(
  playground: Playground,
  watch: (rootId: string) => Promise<void>,
): Promise<void> {
  const { mattermost, model, opencode } = playground;
  const owner = mattermost.as(OWNER);
  const botSays = (rootId: string, what: string, isIt: (post: StandInPost) => boolean) =>
    mattermost.until(
      what,
      () => mattermost.posts({ rootId, userId: mattermost.bot.id }).find(isIt),
      WITHIN_MS,
    );
  const begins = (rootId: string, mark: string, words: string) =>
    botSays(
      rootId,
      `${mark} … ${words}`,
      ({ message }) => message.startsWith(mark) && message.includes(words),
    );
  const seeded = (id: string, emoji: string) =>
    mattermost.until(`${emoji} to tap`, () =>
      mattermost.reactions(id).some((it) => it.emoji === emoji),
    );

  teach(model);
  const [docs, payments] = await playground.openSessions();
  if (docs === undefined || payments === undefined) throw new Error("There are no projects.");
  const docsRoot = await playground.rootOf(docs);
  const root = await playground.rootOf(payments);
  const directory = await opencode.newDirectory(SHOP.name);
  const { data: shop } = await opencode.client(directory).session.create({ title: SHOP.title });
  const shopRoot = await playground.rootOf({ id: shop?.id ?? "", project: SHOP.name, ...SHOP });

  await watch(root.id);
  await owner.post("rewrite the quickstart, keep it short", { rootId: docsRoot.id });
  await begins(docsRoot.id, "✅", "three steps");
  await owner.post("upgrade to React 19", { rootId: shopRoot.id });
  await begins(shopRoot.id, "❓", "defaultProps");

  await owner.post("the retry test is flaky – find out why and fix it", { rootId: root.id });
  const run = await begins(root.id, "✋", "npm test");
  await seeded(run.id, "x");
  await owner.react(run.id, "white_check_mark");
  await begins(root.id, "✅", "Fixed.");
  await owner.post("yes, push it to fix/retry", { rootId: root.id });
  const push = await begins(root.id, "✋", "git push");
  await seeded(push.id, "x");
  await mattermost.until("the card that needs its owner", () =>
    mattermost.post(root.id)?.message.startsWith("✋"),
  );
}
