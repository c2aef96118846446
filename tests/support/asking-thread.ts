import type { Post } from "../../src/models/chat.ts";
import type { PermissionReply, Question } from "../../src/models/host-event.ts";
import { asCallId, asMessageId, asRequestId, type SessionId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { aPermission, asked, ROOT, reply, status, tool } from "./events.ts";
import { createHouse } from "./two-processes.ts";

const CHOICES = ["one", "two", "three"].map((label) => ({ label, description: "" }));

/** A thread whose session asks for permissions and asks questions, in one process. */
export async function createAskingThread(about?: Parameters<typeof createHouse>[0]) {
  const house = await createHouse(about);
  const { chat, clock, host, identity, mapping } = house;
  const { entry, die } = await house.process("a");
  const byKey = (key: string): Post => {
    const found = chat.posts().find(({ props }) => readPostMark(props)?.key === key);
    if (!found) throw new Error(`There is no post ${key}.`);
    return found;
  };
  async function askAs(sessionId: SessionId, id: string, command: string, always = [command]) {
    const about = { sessionId, command, patterns: [command], always };
    host.pendingPermissions.set(asRequestId(id), aPermission(id, about));
    entry.runtime.apply(asked(id, about));
    await clock.advance(1_000);
  }
  function works(): void {
    host.statuses.set(ROOT, { kind: "busy" });
    entry.runtime.apply(status("busy"));
  }
  return {
    ...house,
    die,
    entry,
    byKey,
    askAs,
    ask: (id: string, command: string, always = [command]) => askAs(ROOT, id, command, always),
    /** By a tool call whose input is known. */
    async askBy(id: string, command: string) {
      const call = { messageId: asMessageId("msg_1"), callId: asCallId(`call-${id}`) };
      entry.runtime.apply(asked(id, { command, call }));
      host.pendingPermissions.set(asRequestId(id), aPermission(id, { command, call }));
      const args = [{ name: "command", text: command, isText: true }];
      entry.runtime.apply(tool("msg_1", id, { state: "running", args }));
      await clock.advance(1_000);
    },
    async inTerminal(id: string, answer: PermissionReply = "once") {
      host.pendingPermissions.delete(asRequestId(id));
      const requestId = asRequestId(id);
      entry.runtime.apply({
        type: "permission-replied",
        sessionId: ROOT,
        requestId,
        reply: answer,
      });
      await clock.advance(1_000);
    },
    async askWhich(id: string, about: Partial<Question> = {}) {
      const question = { header: "H", question: "Which?", multiple: false, custom: true };
      const questions = [{ ...question, options: CHOICES, ...about }];
      const request = { id: asRequestId(id), sessionId: ROOT, questions };
      host.pendingQuestions.set(asRequestId(id), request);
      entry.runtime.apply({ type: "question-asked", request });
      await clock.advance(1_000);
    },
    /** The session works on something that is not in this thread's hands. */
    works,
    /** OpenCode runs the newest prompt that it has stored; a process hears of it. */
    runsNewest({ runtime } = entry) {
      const stored = host.stored.get(ROOT)?.at(-1);
      if (stored?.role !== "user") throw new Error("No prompt is stored.");
      runtime.apply({ type: "user-message", sessionId: ROOT, message: stored.message });
      for (const part of stored.parts) {
        runtime.apply({ type: "part", sessionId: ROOT, part });
      }
      host.statuses.set(ROOT, { kind: "busy" });
      runtime.apply(status("busy"));
      runtime.apply(reply(`${stored.message.id}-a`, stored.message.id));
    },
    /** The owner writes in the thread, with a file. */
    async sayWithFile(text: string, name = "log.txt", bytes = new TextEncoder().encode("file")) {
      const alice = chat.as("alice");
      const file = await alice.upload(chat.dm, name, bytes);
      const post = await chat.say(text, mapping().rootPostId, [file]);
      house.deliver(post);
      return post;
    },
    /** A tap that the socket shows. */
    tap: (key: string, emoji: string) => house.react(byKey(key).id, emoji),
    /** A tap, or its end, that nobody hears of. */
    async tapUnheard(key: string, emoji: string, on = true) {
      await clock.advance(10);
      const alice = chat.as("alice");
      if (on) await alice.react(identity.owner.id, byKey(key).id, emoji);
      else await alice.unreact(byKey(key).id, emoji);
    },
    given: () => host.answers.map(({ id, answer }) => [String(id), answer]),
    /** What the bot answered to a post. */
    answersTo: ({ id }: Post) =>
      chat
        .posts()
        .filter(({ props }) => readPostMark(props)?.key.endsWith(`/${id}`))
        .map(({ message }) => message),
  };
}
