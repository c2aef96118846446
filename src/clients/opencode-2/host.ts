import { z } from "zod";
import type { RunStatus, SessionInfo, StoredMessage } from "../../models/host-event.ts";
import type { MessageId, SessionId } from "../../models/ids.ts";
import type { Prompt } from "../../models/prompt.ts";
import type { Clock, HostPort, Logger } from "../../ports.ts";
import { absentWhereGone, createCalls, listOf } from "./calls.ts";
import type { HttpApi } from "./http-api.ts";
import type { Instances } from "./instances.ts";
import { createOffers } from "./offers.ts";
import { createRequests } from "./requests.ts";
import { choose, withSettings } from "./settings.ts";
import { storedMessages } from "./stored-messages.ts";
import type { Translator } from "./translator.ts";
import { WireSession } from "./wire.ts";

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
  const { directory, translator, http } = deps;
  const calls = createCalls(deps);
  /** Prompts that OpenCode has stored: those that wait for their turn are in no list that a plugin can read. */
  const accepted = new Set<MessageId>();

  async function session(id: SessionId): Promise<SessionInfo | undefined> {
    const found = await absentWhereGone(() => calls.session("get", { sessionID: id }));
    const info = found === undefined ? undefined : WireSession.parse(found);
    if (info) translator.learn(info);
    return info;
  }

  async function messages(id: SessionId, limit: number): Promise<readonly StoredMessage[]> {
    const api = http();
    const raw = api ? await pages(api, id, limit) : await contextOf(id);
    return withSettings(calls, id, storedMessages(raw).slice(-limit));
  }

  const contextOf = async (id: SessionId): Promise<readonly unknown[]> =>
    listOf(await calls.session("context", { sessionID: id }));

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

  /** Prompts that OpenCode has taken and not given to the model yet are in its inbox only. */
  async function isWaiting(id: SessionId, messageId: MessageId): Promise<boolean> {
    const inbox = await http()?.call("read the inbox", "GET", `/api/session/${id}/inbox`);
    return Inbox.parse(inbox ?? { data: [] }).data.some((item) => item.id === messageId);
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
    const { postId, origin, text, settings } = given;
    if (settings) await choose(calls, id, settings);
    await calls.session("prompt", {
      sessionID: id,
      id: given.id,
      text: text.trim() === "" ? "See the attached files." : text,
      files: given.files.map(({ name, url }) => ({ uri: url, name })),
      delivery: "steer",
      ...((postId || origin) && {
        metadata: { mattermost: { ...(postId && { postId }), ...(origin && { origin }) } },
      }),
    });
    accept(given.id);
  }

  return {
    session,
    messages,
    prompt,
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
      if (accepted.has(messageId) || (await isWaiting(id, messageId))) return true;
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
    ...createRequests({ ...deps, calls }),
    ...createOffers({ calls, http }),
    async branch() {
      const vcs = await calls.own("read the branch", async (c) => c.vcs?.get({}));
      return Vcs.safeParse(vcs).data?.data.branch.current;
    },
    toast: async () => undefined,
  };
}

const Page = z.object({
  data: z.array(z.unknown()),
  cursor: z.object({ next: z.string().nullish() }).optional(),
});
const Inbox = z.object({ data: z.array(z.object({ id: z.string() })) });
const Active = z.object({ data: z.record(z.string(), z.unknown()) });
const Vcs = z.object({ data: z.object({ branch: z.object({ current: z.string().min(1) }) }) });

const isRoot = ({ parentId, directory }: SessionInfo, here: string): boolean =>
  parentId === undefined && directory === here;
