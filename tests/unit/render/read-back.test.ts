// What is read back from the text of posts, for whatever names, titles and texts they are made of.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { CardOptions } from "../../../src/models/desired-post.ts";
import type { Question } from "../../../src/models/host-event.ts";
import { asRequestId, asSessionId } from "../../../src/models/ids.ts";
import { goneRequest } from "../../../src/render/gone-request.ts";
import { clip, oneLine } from "../../../src/render/markdown/chars.ts";
import { escapeText, unescapeText } from "../../../src/render/markdown/markup.ts";
import { visibleText } from "../../../src/render/markdown/visible-text.ts";
import {
  isStartingNotice,
  startingNotice,
  startUnclearNotice,
} from "../../../src/render/notice.ts";
import { renderPermission } from "../../../src/render/permission.ts";
import { renderQuestion } from "../../../src/render/question.ts";
import {
  disconnectedCard,
  readCard,
  renderCard,
  sessionTitle,
  stateMark,
} from "../../../src/render/session-card.ts";
import type { PendingQuestion, Permission, ThreadState } from "../../../src/state/thread-state.ts";
import { OPTIONS, reply, running, SESSION, stateOf } from "../../support/build-state.ts";

/** Letters, what Markdown acts on, and the very words that are looked for. */
const odd = fc.string({
  unit: fc.constantFrom(
    ...["a", "b", "1", " ", "\n", "*", "_", "`", "\\", "~", "[", "]", "|", "#", ":"],
    ...["**", " · ", ": ", "⏳", "⚫", "🔌", "✋", "❓", "🤖", "New session", "Reply here"],
    ...["Deleted in OpenCode", "Ended · ", " needs your OK: ", " asks: ", " asks (1 of 2): "],
    ...["✅ once", " · ❌ dismisses", "🔓 always would allow **", "```", "no 🔓: what always "],
  ),
  maxLength: 12,
});
const name = odd.filter((words) => words.trim() !== "");
const asShown = (words: string): string => oneLine(visibleText(words));
const CHILD = asSessionId("ses_child");

test("what was escaped is read back as it was, on one line", () => {
  fc.assert(
    fc.property(odd, (words) => expect(unescapeText(escapeText(words))).toBe(asShown(words))),
  );
});

test("what is read back is shown as it was, whatever it hides", () => {
  const hidden = fc.constantFrom("\u200b", "\u202e", "\u00a0", "&lt;", "&", "$", "<a@b>");
  fc.assert(
    fc.property(fc.array(fc.oneof(odd, hidden)), (pieces) => {
      const shown = escapeText(pieces.join(""));
      expect(escapeText(unescapeText(shown))).toBe(shown);
    }),
  );
});

describe("a card", () => {
  const cards = fc
    .record({
      project: name,
      title: odd,
      directory: name,
      branch: name,
      model: fc.oneof(fc.constant(""), odd),
      used: fc.boolean(),
      run: fc.constantFrom<ThreadState["run"]>({ kind: "idle" }, { kind: "busy" }),
      ended: fc.constantFrom<ThreadState["ended"][]>(undefined, "deleted", "exited"),
    })
    .map(({ title, model, run, ended, ...face }) => {
      const session = { ...stateOf().session, title };
      const turns = [running([], { replies: [reply("msg_a", { model })] })];
      const state = stateOf(turns, { session, run, ...(ended && { ended }) });
      const options: CardOptions = { ...face, utcOffsetMinutes: 0 };
      return { state, options, text: renderCard(state, options) };
    });

  const OVER = { deleted: "orphaned", exited: "ended" } as const;

  test("tells project, title and status", () => {
    fc.assert(
      fc.property(cards, ({ state: { session, ended }, options, text }) => {
        expect(readCard(text)).toEqual({
          project: asShown(options.project),
          title: asShown(clip(visibleText(sessionTitle(session.title)), 120)),
          status: ended ? OVER[ended] : "active",
        });
      }),
    );
  });

  test("begins with its mark, and a blank behind it", () => {
    fc.assert(
      fc.property(cards, ({ state, text }) => {
        expect(text.split(" ")[0]).toBe(stateMark(state));
      }),
    );
  });

  test("of a session whose process died tells the same, and is not changed by being made once more", () => {
    fc.assert(
      fc.property(cards, ({ text }) => {
        const dead = disconnectedCard(text, SESSION);
        expect(readCard(dead)).toEqual({ ...readCard(text), status: "disconnected" });
        expect(disconnectedCard(dead, SESSION)).toBe(dead);
        expect(dead.match(/`!help`|`!new`|brings it back/g)).toEqual(["brings it back"]);
      }),
    );
  });
});

test("only a start that goes on is read as one", () => {
  fc.assert(
    fc.property(odd, (project) => {
      expect(isStartingNotice(startingNotice(project))).toBe(true);
    }),
  );
  expect(isStartingNotice(startUnclearNotice())).toBe(false);
});

describe("a request that waits", () => {
  const asking = { project: name, title: odd, isChild: fc.boolean() };

  const pattern = fc.oneof(odd, fc.constant("x".repeat(7_000)));
  const permissions = fc
    .record({
      ...asking,
      about: fc.record({
        permission: name,
        command: odd,
        always: fc.array(pattern, { maxLength: 4 }),
        details: fc.array(fc.record({ name: odd, text: odd, isText: fc.boolean() }), {
          maxLength: 2,
        }),
      }),
    })
    .map(({ project, title, isChild, about }) => {
      const id = asRequestId("per_1");
      const sessionId = isChild ? CHILD : SESSION;
      const request = { id, sessionId, patterns: ["x"], ...about };
      const children = { [CHILD]: { id: CHILD, parentId: SESSION, title } };
      const post = (
        decision?: Permission["decision"],
        ended?: ThreadState["ended"],
      ): string | undefined =>
        renderPermission(
          { request, pending: [id], ...(decision && { decision }) },
          stateOf([], { children, ...(ended && { ended }) }),
          { ...OPTIONS, project },
        )[0]?.message;
      return { post };
    });

  test("for permission becomes what it becomes where OpenCode has the request no more", () => {
    fc.assert(
      fc.property(permissions, ({ post }) => {
        const gone = post({ answer: "gone", atMs: 1 });
        expect(gone).toContain("No longer asked");
        expect(goneRequest(post() ?? "")).toBe(gone);
      }),
    );
  });

  test("for permission no more is left alone", () => {
    fc.assert(
      fc.property(permissions, ({ post }) => {
        expect(goneRequest(post({ answer: "once", atMs: 1 }) ?? "")).toBeUndefined();
        expect(goneRequest(post(undefined, "exited") ?? "")).toBeUndefined();
        expect(goneRequest(goneRequest(post() ?? "") ?? "")).toBeUndefined();
      }),
    );
  });

  const question: fc.Arbitrary<Question> = fc.record({
    header: odd,
    question: name,
    options: fc.array(fc.record({ label: name, description: odd }), { maxLength: 3 }),
    multiple: fc.boolean(),
    custom: fc.boolean(),
  });
  const questions = fc
    .record({ ...asking, all: fc.array(question, { minLength: 1, maxLength: 2 }) })
    .map(({ project, title, isChild, all }) => {
      const children = { [CHILD]: { id: CHILD, parentId: SESSION, title } };
      const request = {
        id: asRequestId("que_1"),
        sessionId: isChild ? CHILD : SESSION,
        questions: all,
      };
      const post = (rest: Partial<PendingQuestion> = {}): string =>
        renderQuestion({ request, ...rest }, stateOf([], { children }), { ...OPTIONS, project })[0]
          ?.message ?? "";
      return { project, post };
    });

  test("for an answer is closed with all that was asked, and without how to answer", () => {
    fc.assert(
      fc.property(questions, ({ project, post }) => {
        const [head = "", ...rest] = post().split("\n");
        const asks = `❓ **${escapeText(project)}** asks`;
        expect(head).toStartWith(asks);
        const [, what] = /^(?: \(1 of 2\))?(?:: | · )(.*)$/u.exec(head.slice(asks.length)) ?? [];
        expect(goneRequest(post())?.split("\n")).toEqual([
          `⚫ **No longer asked** · ${what}`,
          ...rest.slice(0, -1),
        ]);
      }),
    );
  });

  test("for an answer no more is left alone", () => {
    fc.assert(
      fc.property(questions, ({ post }) => {
        const atMs = 1;
        expect(goneRequest(post({ decision: { answer: "dismissed", atMs } }))).toBeUndefined();
        expect(goneRequest(post({ decision: { answer: [["a"]], atMs } }))).toBeUndefined();
        expect(goneRequest(goneRequest(post()) ?? "")).toBeUndefined();
      }),
    );
  });
});
