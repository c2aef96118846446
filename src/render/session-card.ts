import type { CardOptions } from "../models/desired-post.ts";
import type { SessionInfo } from "../models/host-event.ts";
import { type SessionId, shortSessionId } from "../models/ids.ts";
import type { ThreadStatus } from "../models/thread-mapping.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { needsUser } from "../state/waiting.ts";
import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode, unescapeText } from "./markdown/markup.ts";
import { plainOutput } from "./markdown/plain-output.ts";
import { visibleText } from "./markdown/visible-text.ts";
import { remembered } from "./remembered.ts";
import { dayAndTime } from "./time-of-day.ts";
import { contextUse, money } from "./usage.ts";

const DEFAULT_TITLE = /^New session - \d{4}-\d\d-\d\dT/;
const MAX_TITLE_CHARS = 120;
const GONE_HINT = "Deleted in OpenCode · `!new` in the main DM starts another";
const ARCHIVED_HINT = "Archived in OpenCode · a reply here goes on with it";
const UNUSED_HINT = "Reply here to prompt it · `!help`";

type CardState = "idle" | "archived" | "working" | "needs-you" | "ended" | "gone" | "disconnected";

const MARK: Readonly<Record<CardState, string>> = {
  idle: "🟢",
  archived: "🗄️",
  working: "⏳",
  "needs-you": "✋",
  ended: "⚫",
  gone: "⚫",
  disconnected: "🔌",
};

/** The root post of a session's thread. */
export const renderCard = (state: ThreadState, options: CardOptions): string =>
  cardOf(state.session, {
    ...options,
    cardState: cardStateOf(state),
    model: modelInUse(state)?.model,
    contextTokens: state.contextTokens,
    undone: undoneLine(state),
  });

interface CardContents extends CardOptions {
  readonly cardState: CardState;
  readonly model: string | undefined;
  readonly contextTokens: number;
  readonly undone: string;
}

/** It is asked for with every word of an answer, and seldom changes. */
const cardOf = remembered((session: SessionInfo, contents: CardContents): string =>
  [
    `${MARK[contents.cardState]} **${escapeText(contents.project)}** · ${shortTitle(session.title)}`,
    placeLine(session, contents),
    modelLine(session, contents),
    contents.undone,
    hintLine(session.id, contents),
  ]
    .filter(Boolean)
    .join("\n"),
);

/** Whether this is the mark of a session that was put aside. */
export const isArchivedMark = (mark: string): boolean => mark === MARK.archived;

/** The emoji that stands for the state of a session, in its card and in lists. */
export const stateMark = (state: ThreadState): string => MARK[cardStateOf(state)];

/** OpenCode's title as a terminal would show it, but for the time that it puts into one not made yet. */
export function sessionTitle(title: string): string {
  const plain = plainOutput(title);
  return plain.trim() === "" || DEFAULT_TITLE.test(plain) ? "New session" : plain;
}

function shortTitle(title: string): string {
  return escapeText(clip(visibleText(sessionTitle(title)), MAX_TITLE_CHARS));
}

function cardStateOf(state: ThreadState): CardState {
  if (state.ended === "deleted") return "gone";
  if (state.ended === "exited") return "ended";
  if (needsUser(state)) return "needs-you";
  if (state.run.kind !== "idle") return "working";
  return state.session.archivedMs === undefined ? "idle" : "archived";
}

function placeLine(session: SessionInfo, options: CardOptions): string {
  return [
    inlineCode(options.directory),
    inlineCode(options.branch ?? ""),
    dayAndTime(session.createdMs, options.utcOffsetMinutes),
    inlineCode(shortSessionId(session.id)),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The model that answered last, or that will answer first; `undefined` while nobody has said. */
export function modelInUse({
  turns,
  session,
}: ThreadState): { readonly model: string; readonly provider?: string } | undefined {
  const answered = turns.findLast(({ replies }) => replies.length > 0);
  const { model = "", provider } = answered?.replies.at(-1) ?? session;
  return model === "" ? undefined : { model, ...(provider && { provider }) };
}

function modelLine(session: SessionInfo, contents: CardContents): string {
  const { model } = contents;
  if (model === undefined) return "";
  const cost = session.costUsd ?? 0;
  return [
    escapeText(model),
    contextUse(contents.contextTokens, contents.contextLimit),
    cost > 0 ? money(cost) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** It stands here too because older turns' posts are not written any more. */
function undoneLine({ session, turns }: ThreadState): string {
  if (session.undoneFrom === undefined) return "";
  const words = turns.find(({ id }) => id === session.undoneFrom)?.prompt.text ?? "";
  const from =
    words.trim() === ""
      ? "its last prompts are"
      : `“${escapeText(clip(oneLine(visibleText(words)), 60))}” and what came after it is`;
  return `↩️ ${from} undone; the next prompt makes that final`;
}

function hintLine(id: SessionId, { cardState, used }: CardContents): string {
  if (cardState === "gone") return GONE_HINT;
  if (cardState === "archived") return ARCHIVED_HINT;
  if (cardState === "ended") return endedHint(id);
  return used ? "" : UNUSED_HINT;
}

const endedHint = (id: SessionId): string =>
  `Ended · \`!resume\` or \`opencode -s ${id}\` brings it back`;
const lostHint = (id: SessionId): string =>
  `\`!resume\` here or \`opencode -s ${id}\` brings it back`;

/** The card of a session whose process died, made of what it left: nobody has its state any more. */
export function disconnectedCard(card: string, id: SessionId): string {
  const hints = [GONE_HINT, ARCHIVED_HINT, UNUSED_HINT, endedHint(id), lostHint(id)];
  const [first = "", ...rest] = card.split("\n").filter((line) => !hints.includes(line));
  const known = rest.slice(0, 2);
  return [first.replace(/^\S+/u, MARK.disconnected), ...known, lostHint(id)].join("\n");
}

/** What a card says of its session, read back from its text. `active` where it does not say that it is over. */
export function readCard(card: string): {
  readonly project: string;
  readonly title: string;
  readonly status: ThreadStatus;
} {
  const [first = "", ...below] = card.split("\n");
  const begins = first.indexOf(" **");
  const ends = first.indexOf("** · ", begins + 3);
  if (begins < 0 || ends < 0) return { project: "", title: "", status: "active" };
  return {
    project: unescapeText(first.slice(begins + 3, ends)),
    title: unescapeText(first.slice(ends + 5)),
    status: statusIn(first.slice(0, begins), below),
  };
}

/** The last line says so, in words that no title, folder or model can take. */
function statusIn(mark: string, below: readonly string[]): ThreadStatus {
  if (mark === MARK.disconnected) return "disconnected";
  if (mark !== MARK.ended) return "active";
  return below.at(-1) === GONE_HINT ? "orphaned" : "ended";
}
