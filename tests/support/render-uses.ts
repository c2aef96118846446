import type { DesiredPost } from "../../src/models/desired-post.ts";
import type { PermissionRequest, Todo } from "../../src/models/host-event.ts";
import { asCallId, asFileId, asMessageId, asRequestId, asSessionId } from "../../src/models/ids.ts";
import * as always from "../../src/render/always.ts";
import { askedFor } from "../../src/render/asked-for.ts";
import { checklist } from "../../src/render/checklist.ts";
import { countChoices, readChoice, renderChoices } from "../../src/render/choices.ts";
import { decidedBy } from "../../src/render/decision.ts";
import { withFilesOf } from "../../src/render/files-of-command.ts";
import { finishedPost, finishedPosts, postTexts } from "../../src/render/finished-post.ts";
import { goneRequest } from "../../src/render/gone-request.ts";
import * as history from "../../src/render/history-notice.ts";
import * as blocks from "../../src/render/markdown/blocks.ts";
import * as chars from "../../src/render/markdown/chars.ts";
import * as codeLines from "../../src/render/markdown/code-lines.ts";
import { endsOf } from "../../src/render/markdown/ends-of.ts";
import * as fence from "../../src/render/markdown/fence.ts";
import * as lines from "../../src/render/markdown/markdown-lines.ts";
import * as markup from "../../src/render/markdown/markup.ts";
import { pictureMarks } from "../../src/render/markdown/picture-marks.ts";
import { plainOutput, withoutColours } from "../../src/render/markdown/plain-output.ts";
import * as safe from "../../src/render/markdown/safe-markdown.ts";
import { splitMessage } from "../../src/render/markdown/split-message.ts";
import * as terminal from "../../src/render/markdown/terminal-output.ts";
import { visibleText } from "../../src/render/markdown/visible-text.ts";
import { permissionInBrief, renderPermission } from "../../src/render/permission.ts";
import { promptQuote } from "../../src/render/prompt-quote.ts";
import { renderQuestion } from "../../src/render/question.ts";
import { reasonOf } from "../../src/render/reason.ts";
import { relativePath } from "../../src/render/relative-path.ts";
import * as card from "../../src/render/session-card.ts";
import * as list from "../../src/render/session-list.ts";
import { renderStatus } from "../../src/render/status.ts";
import * as subAgent from "../../src/render/sub-agent.ts";
import { renderThread } from "../../src/render/thread.ts";
import { foldLine } from "../../src/render/tool-fold.ts";
import { toolAction, toolLine } from "../../src/render/tool-line.ts";
import { isUnfinished, remainsOf } from "../../src/render/turn-remains.ts";
import { type RunningView, viewTurn } from "../../src/render/turn-view.ts";
import * as voice from "../../src/render/voice-notice.ts";
import * as worktree from "../../src/render/worktree-notice.ts";
import {
  OPTIONS as BASE,
  bash,
  call,
  ended,
  running,
  SESSION,
  START_MS,
  stateOf,
  text,
  thinking,
  tool,
} from "./build-state.ts";

/** Small posts: what is longer than one goes other ways, and those are the ones to be measured. */
const OPTIONS = { ...BASE, maxPostChars: 4_000 };
const CHILD = asSessionId("ses_child");
const REQUEST: PermissionRequest = {
  id: asRequestId("per_1"),
  sessionId: CHILD,
  permission: "bash",
  patterns: [],
  always: [],
  call: { messageId: asMessageId("msg_a"), callId: asCallId("call_1") },
};
const session = (title: string) => ({ ...stateOf([]).session, title });
const argument = (name: string, value: string) => ({ name, text: value, isText: true });
const post = (message: string): DesiredPost => ({
  key: "k",
  message,
  firstMessage: message,
  settled: "final",
  urgency: "normal",
});
const listed = (title: string) => ({
  id: SESSION,
  mark: "⏳",
  project: title,
  title,
  link: "https://chat.test/x",
  forMs: 1,
  needsUser: false,
  ended: true,
});
const VIEW: RunningView = {
  ...viewTurn(running([]), { ...stateOf(), ...OPTIONS, undone: false, outcome: undefined }),
  state: stateOf(),
  now: START_MS,
};
const CARD = { ...OPTIONS, directory: "~/x", used: true };
const todo = (content: string): Todo => ({ content, status: "in_progress" });

function asking(request: Partial<PermissionRequest>, args: readonly string[] = []): unknown {
  const input = { args: args.map((value) => argument(value.slice(0, 50), value)), isEdit: false };
  const whole = { ...REQUEST, ...request };
  return renderPermission({ request: whole, pending: [whole.id], input }, stateOf([]), OPTIONS);
}

function question(content: string, label: string, description: string): unknown {
  const options = [{ label, description }];
  const one = { header: label, question: content, options, multiple: false, custom: true };
  const request = { id: asRequestId("que_1"), sessionId: CHILD, questions: [one] };
  const state = stateOf([]);
  const decision = { answer: [[label]], atMs: START_MS } as const;
  return [
    renderQuestion({ request }, state, OPTIONS),
    renderQuestion({ request, decision }, state, OPTIONS),
  ];
}

/** A turn with the text in everything that a model or a tool writes: while it runs, and when it has failed. */
function turns(verbosity: "normal" | "verbose", given: string): unknown {
  const items = [
    thinking(10, "msg_a", given),
    text(given, "msg_a"),
    tool("edit", { input: { filePath: given }, diff: given }),
    tool(given.slice(0, 200), { title: given, state: "error", error: given, output: given }),
  ];
  const about = { prompt: { text: given, files: [given] }, todos: [todo(given)] };
  const runs = [...items, bash(given, { state: "running", output: given })];
  const error = { kind: "other", message: given } as const;
  const outcome = { kind: "failed", error } as const;
  return [running(runs, about), ended([...items, text(given, "msg_b")], outcome, about)].map(
    (turn) => renderThread(stateOf([turn]), START_MS, { ...OPTIONS, verbosity }),
  );
}

export type Use = (given: string) => unknown;

const promptOf = (text: string) => ({ text, files: [text], byHand: false });

/** The functions of render/ that take a text in a way of their own, by file and name, with the text in each place for it. */
const STATUS = {
  botName: "bot",
  ownerName: "owner",
  server: { version: "9", siteUrl: "", maxPostChars: 1, maxFileBytes: 1, postEditLimitSeconds: -1 },
  address: "https://chat.test",
  connection: "connected",
  connectionForMs: 0,
  queued: 0,
  version: "0",
  log: "log",
};

export const USES: Readonly<Record<string, Use>> = {
  "always/offersAlways": (t) => always.offersAlways({ ...REQUEST, always: [t, t] }, 4_000),
  "always/alwaysAllows": (t) => always.alwaysAllows({ ...REQUEST, permission: t, always: [t] }),
  "always/withoutAlways": (t) => always.withoutAlways(t.split("\n")),
  "asked-for/askedFor": (t) =>
    askedFor({ ...REQUEST, command: t, diff: t, path: t, patterns: [t] }, undefined, t).shortened(
      2_000,
    ),
  "checklist/checklist": (t) => checklist([todo(t), ...t.split("\n").map(todo)], 2_000),
  "choices/renderChoices": (t) => renderChoices(t, [{ value: t, about: t, group: t }]),
  "choices/readChoice": (t) => readChoice(`**1** · \`${t}\`\n${t}`, 2),
  "choices/countChoices": countChoices,
  "decision/decidedBy": (t) => decidedBy({ by: t, atMs: 0 }, 0),
  "finished-post/finishedPost": (t) => finishedPost(post(t)),
  "finished-post/finishedPosts": (t) => finishedPosts(post(t), 2_000),
  "finished-post/postTexts": (t) => postTexts(t, 2_000),
  "gone-request/goneRequest": (t) =>
    [`✋ **${t}`, `❓ **${t}`, `❓ **x** asks${t}`, `✋ **p** needs your OK: ${t}`, t].map(
      goneRequest,
    ),
  "history-notice/undoneNotice": (t) => history.undoneNotice(promptOf(t), true),
  "history-notice/redoneNotice": (t) => history.redoneNotice(promptOf(t), false),
  "history-notice/filesLeftNotice": (t) => history.filesLeftNotice([t, t]),
  "history-notice/forkedNotice": (t) => history.forkedNotice(t, t, promptOf(t)),
  "history-notice/forkOfNotice": (t) => history.forkOfNotice(t, t, promptOf(t)),
  "history-notice/whichPromptNotice": (t) => history.whichPromptNotice([promptOf(t), promptOf(t)]),
  "files-of-command/withFilesOf": (t) =>
    withFilesOf({ files: [{ id: asFileId("f"), name: t, mime: t, sizeBytes: 1 }] }, t),
  "voice-notice/deafNotice": voice.deafNotice,
  "voice-notice/notHeardNotice": (t) => voice.notHeardNotice(t, t),
  "voice-notice/nothingHeardNotice": voice.nothingHeardNotice,
  "status/renderStatus": (t) =>
    renderStatus({ ...STATUS, directories: [t, t], problem: { text: t, forMs: 0 } }, []),
  "worktree-notice/noWorktreeNotice": worktree.noWorktreeNotice,
  "worktree-notice/worktreeOfferNotice": (t) =>
    worktree.worktreeOfferNotice({ directory: t, branch: t }),
  "worktree-notice/worktreeStaysNotice": (t) =>
    worktree.worktreeStaysNotice({ directory: t, branch: t }, t),
  "worktree-notice/worktreeInUseNotice": (t) =>
    worktree.worktreeInUseNotice({ directory: t, branch: t }),
  "worktree-notice/worktreeRemovedNotice": (t) =>
    worktree.worktreeRemovedNotice({ directory: t, branch: t }),
  "worktree-notice/worktreeNotice": (t) =>
    worktree.worktreeNotice({ directory: t, branch: t, isNew: true }),
  "permission/renderPermission": (t) => [
    asking({ permission: t, command: t }),
    asking({ path: t, diff: t }, [t]),
    asking({ patterns: [t], always: [t] }, [t, t]),
  ],
  "permission/permissionInBrief": (t) => permissionInBrief({ ...REQUEST, command: t }, t),
  "prompt-quote/promptQuote": (t) => promptQuote({ text: t, files: [t] }),
  "question/renderQuestion": (t) => [question("?", t, t), question(t, "a", "")],
  "relative-path/relativePath": (t) => [
    relativePath(t, t),
    relativePath("/a", t),
    relativePath(t, "/a"),
  ],
  "session-card/renderCard": (t) =>
    card.renderCard(stateOf([], { session: session(t) }), {
      ...CARD,
      project: t,
      directory: t,
      branch: t,
    }),
  "session-card/sessionTitle": card.sessionTitle,
  "session-card/disconnectedCard": (t) => card.disconnectedCard(t, SESSION),
  "session-card/readCard": (t) => [t, `⚫ **${t}`, `⚫ **p** · ${t}`, `⚫ ${t}`].map(card.readCard),
  "session-list/renderSessionList": (t) => list.renderSessionList([listed(t)], true),
  "session-list/renderResumable": (t) => list.renderResumable([listed(t)]),
  "sub-agent/subAgentTitle": (t) => [t, `${t}(@a)`, `(@${t}`].map(subAgent.subAgentTitle),
  "sub-agent/askedBy": (t) => {
    const children = { [CHILD]: { id: CHILD, parentId: SESSION, title: t } };
    return subAgent.askedBy(CHILD, stateOf([], { children }));
  },
  "thread/renderThread": (t) => turns("normal", t),
  "turn/renderTurn": (t) => turns("verbose", t),
  "tool-fold/foldLine": (t) => foldLine([call(t), call(t)]),
  "tool-line/toolAction": (t) => toolAction(call("bash", { input: { command: t } }), stateOf([])),
  "tool-line/toolLine": (t) =>
    toolLine(call("bash", { input: { command: t }, state: "error", output: t }), stateOf([]), true),
  "markdown/blocks/line": blocks.line,
  "markdown/blocks/loose": blocks.loose,
  "markdown/blocks/prose": blocks.prose,
  "markdown/blocks/stacked": (t) =>
    blocks.stacked([blocks.loose(t), blocks.line(t), blocks.loose(t)]),
  "markdown/chars/countChars": chars.countChars,
  "markdown/chars/takeChars": (t) => chars.takeChars(t, t.length / 2),
  "markdown/chars/clip": (t) => chars.clip(t, t.length / 2),
  "markdown/chars/oneLine": chars.oneLine,
  "markdown/chars/firstLine": chars.firstLine,
  "markdown/code-lines/linesOf": codeLines.linesOf,
  "markdown/code-lines/codeLines": (t) => codeLines.codeLines(codeLines.linesOf(t)),
  "markdown/ends-of/endsOf": (t) => [endsOf(t, 100), endsOf(t, t.length / 2)],
  "markdown/fence/fenceAfter": (t) => {
    const open = fence.fenceAfter(undefined, "```", false);
    return [fence.fenceAfter(undefined, t, true), fence.fenceAfter(open, t, false)];
  },
  "markdown/fence/openingLine": (t) => fence.openingLine({ prefix: t, marker: t, info: t }),
  "markdown/fence/closingLine": (t) => fence.closingLine({ prefix: t, marker: t, info: t }),
  "markdown/fence/looksLikeFence": fence.looksLikeFence,
  "markdown/markdown-lines/stateAfter": (t) =>
    t.split("\n").reduce(lines.stateAfter, lines.TEXT_START),
  "markdown/markdown-lines/cutRank": (t) => lines.cutRank(lines.TEXT_START, t),
  "markdown/markdown-lines/startsKeptBlock": (t) => lines.startsKeptBlock(lines.TEXT_START, t),
  "markdown/markdown-lines/isAtomic": (t) => lines.isAtomic(lines.TEXT_START, t),
  "markdown/markup/escapeText": markup.escapeText,
  "markdown/markup/linkLabel": markup.linkLabel,
  "markdown/markup/unescapeText": markup.unescapeText,
  "markdown/markup/inlineCode": markup.inlineCode,
  "markdown/markup/codeBlock": (t) => markup.codeBlock(t),
  "markdown/picture-marks/pictureMarks": (t) =>
    [t, `![a](u) ${t}`, `${t}![a](u)`].map((one) =>
      pictureMarks(one, { hasLabels: false, hasSureLines: true }),
    ),
  "markdown/safe-markdown/safeMarkdown": (t) =>
    [t, `![a](u) ${t}`, `${t}![a](u)`, `${t}\n![a](u)`, `![a${t}](u)`].map(safe.safeMarkdown),
  "markdown/safe-markdown/withoutPictures": (t) => safe.withoutPictures(`${t}![a](u)`),
  "markdown/split-message/splitMessage": (t) => splitMessage(t, 2_000),
  "markdown/plain-output/plainOutput": (t) => [t, `${t}x`].map(plainOutput),
  "markdown/plain-output/withoutColours": (t) => [t, `\u001b[${t}`].map(withoutColours),
  "reason/reasonOf": (t) => [t, `<html>${t}`, `x: <html><title>${t}`, `${t}<body>`].map(reasonOf),
  "turn-remains/isUnfinished": isUnfinished,
  "turn-remains/remainsOf": (t) => remainsOf([{ key: "k", message: `⏳ ${t}` }], VIEW),
  "markdown/terminal-output/lastLines": terminal.lastLines,
  "markdown/terminal-output/shortened": (t) => terminal.shortened(t, 3_000),
  "markdown/visible-text/visibleText": visibleText,
};

/** What takes no text, or takes it from one of the others that is tried. */
export const REST = [
  "duration/duration duration/elapsed lapse/openUntil lapse/goneWords time-of-day/timeOfDay time-of-day/dayAndTime usage/money usage/percent",
  "session-list/sumOf usage/contextUse usage/changedLines usage/changedFiles usage/counted thought/thoughtLine",
  "thought/thoughtRemark session-card/stateMark refusal/refusalText tool-fold/foldedKeys tool-fold/hasLine",
  "segment-body/segmentBody tool-result/resultBlock tool-result/resultChars tool-result/resultPosts",
  "turn-activity/activityOf turn-activity/activityLine turn-changes/turnChanges turn-outcome/sumLine",
  "turn-outcome/compactedLine turn-outcome/headline turn-post/postsOf turn-segments/segmentsOf",
  "turn-segments/isThought turn-view/viewTurn turn-view/elapsedMs turn-view/tookMs",
  "markdown/message-cut/chooseCut markdown/split-message/splitParts session-card/modelInUse",
].flatMap((names) => names.split(" "));
