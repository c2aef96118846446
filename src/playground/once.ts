import { CALLED_AS } from "./called-as.ts";
import { printThread } from "./once-print.ts";
import { OWNER, type Playground, startPlayground } from "./playground.ts";
import type { StandInPost } from "./stand-in/stand-in.ts";

const WORD_MS = 5;
/** A machine that does much else at the same time is slow, not wrong. */
const PATIENCE_MS = 60_000;
const COMMAND = "echo hello from the playground";

/** What one step of the conversation found; the next ones build on it. */
interface Talk {
  readonly playground: Playground;
  root?: StandInPost;
  prompt?: string;
  request?: StandInPost;
}

interface Check {
  readonly name: string;
  /** Rejects when it is not so. */
  run(talk: Talk): Promise<void>;
}

/** The bot's first reply in the thread that is as wanted. */
function reply({ playground, root }: Talk, what: string, isIt: (post: StandInPost) => boolean) {
  const { mattermost } = playground;
  const find = () =>
    mattermost.posts({ rootId: root?.id ?? "", userId: mattermost.bot.id }).find(isIt);
  return mattermost.until(what, find, PATIENCE_MS);
}
const say = ({ playground, root }: Talk, message: string): Promise<string> =>
  playground.mattermost.as(OWNER).post(message, root === undefined ? {} : { rootId: root.id });
const emojiOf = ({ playground }: Talk, postId: string): string[] =>
  playground.mattermost.reactions(postId).map(({ emoji }) => emoji);

/** The conversation: each step does one thing and checks what must come of it. */
const CONVERSATION: readonly Check[] = [
  {
    name: "a session appears as a thread that names its project and title",
    async run(talk) {
      const sessions = await talk.playground.openSessions();
      for (const session of sessions) {
        const root = await talk.playground.rootOf(session);
        const isNamed = [session.project, session.title].every((it) => root.message.includes(it));
        if (!isNamed) throw new Error(`The root post says: ${root.message}`);
        talk.root = root;
      }
    },
  },
  {
    name: "a reply in the thread is accepted (👀)",
    async run(talk) {
      const prompt = await say(talk, "code");
      talk.prompt = prompt;
      const isSeen = () => emojiOf(talk, prompt).includes("eyes");
      await talk.playground.mattermost.until("the mark on the reply", isSeen, PATIENCE_MS);
    },
  },
  {
    name: "the model's answer comes back in the thread (✅)",
    async run(talk) {
      const isAnswer = ({ message }: StandInPost) =>
        message.startsWith("✅") && message.includes("function median(");
      await reply(talk, "the answer", isAnswer);
    },
  },
  {
    name: "a command asks for permission, with reactions to tap (✋)",
    async run(talk) {
      await say(talk, `bash ${COMMAND}`);
      const isRequest = ({ message }: StandInPost) =>
        message.startsWith("✋") && message.includes(COMMAND);
      const request = await reply(talk, "the request for permission", isRequest);
      talk.request = request;
      const isSeeded = () =>
        ["white_check_mark", "x"].every((emoji) => emojiOf(talk, request.id).includes(emoji));
      await talk.playground.mattermost.until("the reactions to tap", isSeeded, PATIENCE_MS);
    },
  },
  {
    name: "a reaction answers it, and the post says so",
    async run(talk) {
      const { mattermost } = talk.playground;
      const id = talk.request?.id ?? "";
      await mattermost.as(OWNER).react(id, "white_check_mark");
      const isDecided = () => mattermost.post(id)?.message.startsWith("✅");
      await mattermost.until("the decision in the post", isDecided, PATIENCE_MS);
    },
  },
  {
    name: "the command runs, and the answer follows it",
    async run(talk) {
      const isAnswer = ({ message }: StandInPost) =>
        message.startsWith("✅") && message.includes("The command has run.");
      await reply(talk, "the answer after the command", isAnswer);
      const told = talk.playground.model.calls().at(-1)?.messages ?? [];
      const hasOutput = told.some(
        ({ role, text }) => role === "tool" && text.includes("hello from"),
      );
      if (!hasOutput) throw new Error("The model was not told what the command printed.");
    },
  },
  {
    name: "every prompt reached the model once, and unchanged",
    async run({ playground }) {
      const prompts = playground.model.calls().filter(({ step }) => step === 0);
      const texts = prompts.map(({ userText }) => userText).join(" | ");
      if (texts !== `code | bash ${COMMAND}`) throw new Error(`It got: ${texts}`);
    },
  },
  {
    name: "!sessions in the direct messages lists the session, with its link",
    async run(talk) {
      const { playground, root } = talk;
      await say({ playground }, "!sessions");
      const isList = ({ id, message }: StandInPost) =>
        id !== root?.id && message.includes(root?.id ?? "?") && message.includes("payments-api");
      await reply({ playground }, "the list of sessions", isList);
    },
  },
];

/** Plays the conversation, prints it, and resolves with the exit code. */
export async function playOnce(): Promise<number> {
  const playground = await startPlayground({ wordMs: WORD_MS });
  try {
    const talk: Talk = { playground };
    const results: string[] = [];
    let failed = false;
    for (const check of CONVERSATION) {
      const problem = await problemOf(check, talk);
      results.push(problem === undefined ? `✓ ${check.name}` : `✗ ${check.name}\n${problem}`);
      failed = problem !== undefined;
      if (failed) break;
    }
    console.log(printThread(playground.mattermost, talk.root?.id));
    console.log(`${results.join("\n")}\n`);
    if (failed) console.log("The playground is not as it should be: see ✗ above.");
    else
      console.log(
        `All ${results.length} checks hold. "${CALLED_AS.plain}" opens it in the browser.`,
      );
    return failed ? 1 : 0;
  } finally {
    await playground.stop();
  }
}

async function problemOf(check: Check, talk: Talk): Promise<string | undefined> {
  try {
    await check.run(talk);
    return undefined;
  } catch (cause) {
    const story = cause instanceof Error ? cause.message : `${cause}`;
    return story.replace(/^/gm, "    ");
  }
}
