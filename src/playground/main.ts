// `npm start`: the playground as a program.
import { type Command, readArguments, usage } from "./arguments.ts";
import { playOnce } from "./once.ts";
import { startPage } from "./page-server.ts";
import { OWNER, type Playground, startPlayground } from "./playground.ts";
import { PlaygroundProblem } from "./playground-problem.ts";

/** About how fast a model talks. */
const WORD_MS = 40;

type PageCommand = Extract<Command, { kind: "page" }>;

const whatToTry = (url: string, isScripted: boolean): string => `
The playground is open: ${url}

  1. Open a session's card and reply ${isScripted ? "“code” – or “todo”, “table”, “think”; “help” lists them" : "with anything you would ask a coding agent"}.
  2. Reply ${isScripted ? "“bash npm test”" : "“run the tests”"}, and answer the request with ✅ – or with “no, because …”.
  3. Write !sessions or !help in the direct messages.

Ctrl-C ends everything and leaves nothing behind.`;

/** A terminal and npm both pass Ctrl-C on: what comes within this time is the same one. */
const SAME_KEY_MS = 500;

/** Aborts when the person at the terminal wants to end. A second Ctrl-C does not wait: the guardian cleans up then. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  let since = 0;
  const stop = (): void => {
    if (stopping.signal.aborted && Date.now() - since > SAME_KEY_MS) process.exit(130);
    if (stopping.signal.aborted) return;
    since = Date.now();
    console.log("\nEnding …");
    stopping.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  return stopping.signal;
}

async function openPage({ port, model }: PageCommand): Promise<void> {
  const stopping = stopSignal();
  const progress = (text: string): void => console.log(text);
  const playground = await startPlayground({
    wordMs: WORD_MS,
    progress,
    ...(model === undefined ? {} : { ownModel: model }),
  });
  try {
    const page = await startPage({ mattermost: playground.mattermost, owner: OWNER, port });
    try {
      if (!stopping.aborted) await openThreads(playground);
      if (!stopping.aborted) console.log(whatToTry(page.url, model === undefined));
      await endOf(stopping);
    } finally {
      await page.stop();
    }
  } finally {
    await playground.stop();
  }
}

async function openThreads({ openSessions, rootOf, opencode }: Playground): Promise<void> {
  for (const session of await openSessions()) {
    await rootOf(session).catch((cause: unknown) => {
      throw new PlaygroundProblem(
        `The bridge opened no thread for ${session.project}. OpenCode's log says why:\n${opencode.log().slice(-4000)}`,
        { cause },
      );
    });
  }
}

const endOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });

async function run(command: Command): Promise<number> {
  if (command.kind === "help") console.log(usage);
  if (command.kind === "once") return playOnce();
  if (command.kind === "page") await openPage(command);
  return 0;
}

const command = readArguments(process.argv.slice(2));
if (typeof command === "string") {
  console.error(command);
  process.exit(2);
}
process.exit(
  await run(command).catch((problem: unknown) => {
    console.error(problem instanceof PlaygroundProblem ? problem.message : problem);
    return 1;
  }),
);
