import type { StandInPost } from "../../../src/playground/stand-in/stand-in.ts";
import { keyOf, marksOf } from "../../support/conversation.ts";
import type { HostClient } from "../../support/hosts/host.ts";
import type { World } from "../../support/world.ts";
import type { Findings } from "../scenario.ts";
import type { Crew, Message, Talk } from "./crew.ts";
import { marksIn, type Token, tokensIn } from "./script.ts";

/** What OpenCode has stored of one session. */
interface Stored {
  /** By post id, once for each part that holds it. */
  readonly prompts: readonly {
    readonly postId: string;
    readonly text: string;
    readonly id: string;
    readonly createdMs: number;
  }[];
  /** Texts of assistant messages; `finished` where the message was completed without an error. */
  readonly answers: readonly {
    readonly text: string;
    readonly parentId: string;
    readonly finished: boolean;
  }[];
}

export interface Case {
  readonly world: World;
  readonly crew: Crew;
  readonly messages: readonly Message[];
}

/** Compares what the owner sees with what OpenCode has stored, both read anew. */
export async function judge(situation: Case, client: HostClient): Promise<Findings> {
  const { world, crew, messages } = situation;
  const findings = { lost: [], doubled: [], crossed: [], silent: [] } as {
    [K in keyof Findings]: string[];
  };
  const homes = new Map<Token, Talk>([
    ...messages.map(({ token, talk }) => [token, talk] as const),
    ...crew.typed,
  ]);
  const threads = threadsOf(world);
  for (const talk of crew.talks) {
    const stored = await read(client, talk);
    const posts = threads.get(talk.rootId) ?? [];
    for (const message of expected(situation, talk, posts)) {
      judgeMessage(world, message, stored, posts, findings);
    }
    judgeForks(talk, posts, threads, findings);
    judgeAnswers(talk, stored, posts, findings);
    for (const token of strangers(talk, stored, posts, homes)) {
      findings.crossed.push(`${token} in the thread or the session of ${talk.sessionId}`);
    }
    const roots = world.roots(talk.sessionId).length;
    if (roots !== 1) findings.doubled.push(`${roots} threads for ${talk.sessionId}`);
  }
  for (const post of world.mainReplies()) {
    for (const token of tokensIn(post.message)) {
      findings.crossed.push(`${token} in the main DM: ${post.message}`);
    }
  }
  return findings;
}

/** The prompts that `!undo` took back: OpenCode drops them with the next one. */
const undoneIn = (posts: readonly StandInPost[]): ReadonlySet<Token> =>
  new Set(
    posts.flatMap(({ message }) => (message.startsWith("↩️ **Undone**") ? tokensIn(message) : [])),
  );

/** What of this thread OpenCode should still have, or the bot should have refused. */
function expected(
  { world, messages }: Case,
  talk: Talk,
  posts: readonly StandInPost[],
): readonly Message[] {
  const undone = undoneIn(posts);
  const isUndone = (message: Message): boolean =>
    undone.has(message.token) || (undone.size > 0 && isRetried(world, message));
  return messages.filter((message) => message.talk === talk && !isUndone(message));
}

/** A `!retry` was given to OpenCode; what it ran may have been undone since, under the name of the prompt that it repeated. */
const isRetried = (world: World, { command, postId }: Message): boolean =>
  command === "!retry" && marksOf(world, postId).length > 0;

/** Each fork is told of in the thread that it is of, and there are no others. */
function judgeForks(
  { rootId, sessionId }: Talk,
  posts: readonly StandInPost[],
  threads: ReadonlyMap<string, readonly StandInPost[]>,
  findings: Mutable,
): void {
  const told = posts.filter(({ message }) => /^(?:🔀 \*\*Forked|⚠️ \*\*Perhaps)/u.test(message));
  const made = [...threads.values()]
    .flat()
    .filter(({ message }) => message.startsWith("🔀 **A fork") && message.includes(rootId));
  if (made.length > told.length) {
    findings.doubled.push(`${made.length} forks of ${sessionId}, of which ${told.length} are told`);
  }
}

/** What the bot wrote, by the root of the thread, roots included. */
function threadsOf({ mattermost }: World): ReadonlyMap<string, readonly StandInPost[]> {
  const posts = mattermost.posts({ userId: mattermost.bot.id });
  return Map.groupBy(posts, ({ rootId, id }) => rootId || id);
}

async function read(client: HostClient, { sessionId }: Talk): Promise<Stored> {
  const messages = await client.messages(sessionId);
  return {
    prompts: messages.flatMap(({ id, text, postId, createdMs }) =>
      postId === undefined ? [] : [{ id, text, postId, createdMs }],
    ),
    answers: messages.flatMap(({ role, text, parentId, finished }) =>
      role === "assistant" && parentId !== undefined && text.trim() !== ""
        ? [{ text, parentId, finished }]
        : [],
    ),
  };
}

type Mutable = { readonly [K in keyof Findings]: string[] };

function judgeMessage(
  world: World,
  { token, postId }: Message,
  stored: Stored,
  posts: readonly StandInPost[],
  findings: Mutable,
): void {
  const prompts = stored.prompts.filter((prompt) => prompt.postId === postId);
  const refusals = posts.filter((post) => keyOf(post) === `reply/${postId}`);
  const sentMs = world.mattermost.post(postId)?.createAt ?? 0;
  const after = (ms: number): string => `${((ms - sentMs) / 1000).toFixed(1)} s later`;
  const said = refusals
    .map((post) => `${post.message.split("\n")[0]} ${after(post.createAt)}`)
    .join(" | ");
  const stories = prompts.map(({ createdMs }) => `prompted ${after(createdMs)}`).join(", ");
  const name = `${token} (post ${postId} of ${new Date(sentMs).toISOString()}; ${stories})`;
  if (prompts.length + refusals.length === 0) {
    const marks = marksOf(world, postId).join(" ");
    findings.lost.push(`${name}: neither prompted nor refused${marks && `, marked ${marks}`}`);
  }
  if (prompts.length > 1) findings.doubled.push(`${name}: prompted ${prompts.length} times`);
  if (refusals.length > 1) findings.doubled.push(`${name}: refused twice: ${said}`);
  if (prompts.length > 0 && refusals.length > 0) {
    findings.doubled.push(`${name}: prompted and refused: ${said}`);
  }
  const answered = stored.answers.some(
    (answer) =>
      prompts.some(({ id }) => id === answer.parentId) &&
      marksIn(answer.text).some((mark) => posts.some(({ message }) => message.includes(mark))),
  );
  const isMarked = marksOf(world, postId).length > 0;
  if (!answered && !isMarked && refusals.length === 0) findings.silent.push(name);
}

/** Every finished text is in the thread once, whole; what did not finish is not there twice either. */
function judgeAnswers(
  { sessionId }: Talk,
  stored: Stored,
  posts: readonly StandInPost[],
  findings: Mutable,
): void {
  for (const { text, finished } of stored.answers) {
    const [mark = ""] = marksIn(text);
    const holders = posts.filter(({ message }) => message.includes(mark));
    const name = `the answer ${mark} of ${sessionId}`;
    if (finished && holders.length === 0) findings.lost.push(`${name}: not in its thread`);
    else if (finished && !holders.some(({ message }) => message.includes(text))) {
      findings.lost.push(`${name}: not whole in its thread`);
    }
    if (holders.length > 1) {
      findings.doubled.push(
        `${name}: in posts ${holders.map((post) => `${post.id} (${keyOf(post)})`).join(", ")}`,
      );
    }
  }
}

function strangers(
  talk: Talk,
  stored: Stored,
  posts: readonly StandInPost[],
  homes: ReadonlyMap<Token, Talk>,
): readonly Token[] {
  const texts = [...posts.map(({ message }) => message), ...stored.prompts.map(({ text }) => text)];
  const here = new Set(texts.flatMap(tokensIn));
  return [...here].filter((token) => homes.has(token) && homes.get(token) !== talk);
}
