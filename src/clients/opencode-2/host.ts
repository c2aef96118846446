import { z } from "zod";
import { HostError, messageOf } from "../../errors.ts";
import type {
  PermissionRequest,
  RunStatus,
  SessionInfo,
  StoredMessage,
} from "../../models/host-event.ts";
import type { MessageId, RequestId, SessionId } from "../../models/ids.ts";
import type { Clock, HostPort, Logger, Prompt } from "../../ports.ts";
import { createCalls } from "./calls.ts";
import { formAnswer, questionsOf, WireForm } from "./forms.ts";
import type { HttpApi } from "./http-api.ts";
import type { Instances } from "./instances.ts";
import { storedMessages } from "./stored-messages.ts";
import type { Translator } from "./translator.ts";
import { WirePermission, WireSession } from "./wire.ts";

/** OpenCode goes on with a turn that was denied without a word when it starts the next time. */
const DENIED = "The user denied this.";
const IN_TERMINAL =
  "OpenCode takes the answer to this question in the terminal only: it does not run as a service";
const PAGE = 200;
const ACCEPTED_REMEMBERED = 1_000;

/** OpenCode 2, for one directory. */
export function createOpencode2Host(deps: {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly translator: Translator;
  readonly instances: Pick<Instances, "own" | "any">;
  /** Absent where this process is no service. */
  readonly http: () => HttpApi | undefined;
}): HostPort {
  const { directory, logger, translator, http } = deps;
  const calls = createCalls(deps);
  /** Prompts that OpenCode has stored: those that wait for their turn are in no list that a plugin can read. */
  const accepted = new Set<MessageId>();
  const location = `location[directory]=${encodeURIComponent(directory)}`;

  async function session(id: SessionId): Promise<SessionInfo | undefined> {
    const found = await absentWhereGone(() => calls.session("get", { sessionID: id }));
    const info = found === undefined ? undefined : WireSession.parse(found);
    if (info) translator.learn(info);
    return info;
  }

  async function messages(id: SessionId, limit: number): Promise<readonly StoredMessage[]> {
    const api = http();
    const raw = api ? await pages(api, id, limit) : await contextOf(id);
    return storedMessages(raw).slice(-limit);
  }

  const contextOf = async (id: SessionId): Promise<readonly unknown[]> =>
    arrayOf(await calls.session("context", { sessionID: id }));

  /** Oldest first, at least `limit` prompts and answers where there are as many. */
  async function pages(api: HttpApi, id: SessionId, limit: number): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    let cursor: string | undefined;
    do {
      // A cursor knows its order, and takes no other beside it.
      const from = cursor ? `cursor=${encodeURIComponent(cursor)}` : "order=desc";
      const query = `limit=${PAGE}&${from}`;
      const page = Page.parse(
        await api.call("read messages", "GET", `/api/session/${id}/message?${query}`),
      );
      found.push(...page.data);
      cursor = page.data.length > 0 ? (page.cursor?.next ?? undefined) : undefined;
    } while (cursor !== undefined && storedMessages(found.toReversed()).length < limit);
    return found.toReversed();
  }

  function accept(id: MessageId): void {
    accepted.add(id);
    const [oldest] = accepted;
    if (accepted.size > ACCEPTED_REMEMBERED && oldest) accepted.delete(oldest);
  }

  async function prompt(id: SessionId, given: Prompt): Promise<void> {
    const told = [
      ...given.paths.map((path) => `The user attached a file: ${path}`),
      ...(given.missing ?? []).map(
        (why) => `The user attached a file that you were not given: ${why}`,
      ),
    ];
    for (const [at, text] of told.entries()) {
      await calls.session("synthetic", {
        sessionID: id,
        id: `${given.id}f${at}`,
        text,
        resume: false,
      });
    }
    const { postId, text } = given;
    await calls.session("prompt", {
      sessionID: id,
      id: given.id,
      text: text.trim() === "" ? "See the attached files." : text,
      files: given.files.map(({ name, url }) => ({ uri: url, name })),
      delivery: "steer",
      ...(postId && { metadata: { mattermost: { postId } } }),
    });
    accept(given.id);
  }

  async function permissions(): Promise<readonly PermissionRequest[]> {
    const known = translator.sessions().filter((one) => one.directory === directory);
    const lists = await Promise.all(known.map(({ id }) => pendingOf(id)));
    return lists.flat();
  }

  async function pendingOf(id: SessionId): Promise<readonly PermissionRequest[]> {
    const list = await absentWhereGone(async () =>
      calls.own("list permissions", (c) => c.permission.list({ sessionID: id })),
    );
    const found = arrayOf(list).flatMap((raw) => WirePermission.safeParse(raw).data ?? []);
    for (const request of found) translator.learnRequest(request);
    return found;
  }

  /** OpenCode keeps to itself why a call was denied: the model reads it in a note of its own. */
  async function noteDenial(sessionID: SessionId, id: RequestId, reason?: string): Promise<void> {
    const text = reason === undefined ? DENIED : `The user denied this, and says: ${reason}`;
    const note = { sessionID, id: `msg_${id.replace(/^per_/, "")}`, text, resume: false };
    await calls.session("synthetic", note).catch((error) => {
      logger.warn(`the model was not told of a denial: ${messageOf(error)}`);
    });
  }

  async function forms(): Promise<readonly WireForm[]> {
    const list = await http()?.call("list questions", "GET", `/api/form?${location}`);
    return Page.parse(list ?? { data: [] }).data.flatMap(
      (raw) => WireForm.safeParse(raw).data ?? [],
    );
  }

  /** The session that asks, and the API to answer by. */
  async function formOf(
    id: string,
  ): Promise<{ readonly form: WireForm; readonly api: HttpApi } | undefined> {
    const api = http();
    if (!api) throw new HostError(IN_TERMINAL, { kind: "refused" });
    const form = translator.form(id) ?? (await forms()).find((known) => known.id === id);
    return form && { form, api };
  }

  return {
    session,
    messages,
    prompt,
    permissions,
    async sessions(limit) {
      const api = http();
      if (!api)
        return translator
          .sessions()
          .filter((known) => isRoot(known, directory))
          .slice(-limit);
      const query = `limit=${limit}&order=desc&directory=${encodeURIComponent(directory)}`;
      const page = Page.parse(await api.call("list sessions", "GET", `/api/session?${query}`));
      const found = page.data.flatMap((raw) => WireSession.safeParse(raw).data ?? []);
      return found.filter((known) => isRoot(known, directory));
    },
    async create() {
      const made = WireSession.parse(await calls.session("create", { location: { directory } }));
      translator.learn(made);
      return made;
    },
    async status(id): Promise<RunStatus> {
      const active = await http()?.call("read the status", "GET", "/api/session/active");
      const isActive = active ? id in Active.parse(active).data : translator.isWorking(id);
      return { kind: isActive ? "busy" : "idle" };
    },
    async hasMessage(id, messageId) {
      if (accepted.has(messageId)) return true;
      const stored = storedMessages(await contextOf(id));
      return stored.some(({ message }) => message.id === messageId);
    },
    async toolCall(id, { messageId, callId }) {
      const parts = storedMessages(await contextOf(id)).flatMap((stored) => stored.parts);
      const [call, ...more] = parts.flatMap((part) =>
        part.kind === "tool" && part.messageId === messageId && part.call.id === callId
          ? part.call
          : [],
      );
      return more.length > 0 ? undefined : call;
    },
    async abort(id) {
      await calls.session("interrupt", { sessionID: id });
    },
    async answerPermission(requestID, reply, reason) {
      const sessionID = translator.askedBy(requestID);
      if (!sessionID) return false;
      if (reply === "reject") {
        const pending = await pendingOf(sessionID);
        if (!pending.some(({ id }) => id === requestID)) return false;
        await noteDenial(sessionID, requestID, reason);
      }
      const message = reply === "reject" ? (reason ?? DENIED) : undefined;
      const answer = { sessionID, requestID, decision: reply, ...(message && { message }) };
      const told = calls.own("answer the permission", (c) => c.permission.reply(answer));
      return told !== undefined && stillPending(() => told);
    },
    async questions() {
      return (await forms()).map(questionsOf);
    },
    async answerQuestion(id, answers) {
      const found = await formOf(id);
      if (!found) return false;
      const { form, api } = found;
      const given = formAnswer(form, answers);
      if ("problem" in given) throw new HostError(given.problem, { kind: "refused" });
      const path = `/api/session/${form.sessionID}/form/${id}/reply`;
      return stillPending(() =>
        api.call("answer the question", "POST", path, { answer: given.answer }),
      );
    },
    async dismissQuestion(id) {
      const found = await formOf(id);
      if (!found) return false;
      const path = `/api/session/${found.form.sessionID}/form/${id}`;
      return stillPending(() => found.api.call("dismiss the question", "DELETE", path));
    },
    async branch() {
      const vcs = await http()
        ?.call("read the branch", "GET", `/api/vcs?${location}`)
        .catch(() => undefined);
      return Vcs.safeParse(vcs).data?.data.branch.current;
    },
    toast: async () => undefined,
  };
}

const Page = z.object({
  data: z.array(z.unknown()),
  cursor: z.object({ next: z.string().nullish() }).optional(),
});
const Active = z.object({ data: z.record(z.string(), z.unknown()) });
const Vcs = z.object({ data: z.object({ branch: z.object({ current: z.string().min(1) }) }) });

const isRoot = ({ parentId, directory }: SessionInfo, here: string): boolean =>
  parentId === undefined && directory === here;

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

async function absentWhereGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HostError && error.kind === "not-found") return undefined;
    throw error;
  }
}

async function stillPending(answer: () => Promise<unknown>): Promise<boolean> {
  return (await absentWhereGone(() => answer().then(() => true))) ?? false;
}
