import type { HostClient, Message } from "./host.ts";

const WITHIN_MS = 60_000;
const PAGE = 200;

/** OpenCode 2's HTTP API, in its own words. */
export interface OpenCode2Api {
  /** Resolves with the answer's `data`, or the answer itself. Rejects where OpenCode says no. */
  call(method: string, path: string, body?: object): Promise<unknown>;
}

export const connect = (url: string, password: string): OpenCode2Api => ({
  async call(method, path, body) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Basic ${btoa(`opencode:${password}`)}`,
        "content-type": "application/json",
      },
      signal: AbortSignal.timeout(WITHIN_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    const answer: unknown = text === "" ? undefined : JSON.parse(text);
    return Object(answer).data ?? answer;
  },
});

/** The query that names a directory. */
export const at = (directory: string): string =>
  `location[directory]=${encodeURIComponent(directory)}`;

/** The plugins that OpenCode 2 has loaded in a directory, its own left out. */
async function pluginsOf(
  { call }: OpenCode2Api,
  directory: string,
): Promise<readonly { readonly id: string; readonly state: string }[]> {
  const all = listOf(await call("GET", `/api/plugin?${at(directory)}`));
  return all
    .filter(({ source }) => Object(source).type !== "builtin")
    .map(({ id, state }) => ({ id: String(id), state: String(Object(state).status ?? state) }));
}

export function clientOf(api: OpenCode2Api, directory: string, hasPlugin: boolean): HostClient {
  const { call } = api;
  const messages = async (session: string): Promise<readonly Stored[]> => {
    const found: Stored[] = [];
    for (let from = "order=asc"; ; ) {
      const path = `/api/session/${session}/message?limit=${PAGE}&${from}`;
      const page = listOf(await call("GET", path));
      found.push(...page);
      const last = page.at(-1);
      if (page.length < PAGE || !last) return found;
      const cursor = { id: last["id"], order: "asc", direction: "next" };
      from = `cursor=${btoa(JSON.stringify(cursor)).replace(/=+$/, "")}`;
    }
  };
  async function send(session: string, text: string): Promise<string> {
    return String(Object(await call("POST", `/api/session/${session}/prompt`, { text })).id);
  }
  async function open(): Promise<void> {
    await until(`the plugin in ${directory}`, async () => {
      const there = await pluginsOf(api, directory);
      return !hasPlugin || there.length > 0;
    });
  }
  return {
    open,
    async newSession(title) {
      await open();
      const made = await call("POST", "/api/session", { location: { directory }, title });
      return String(Object(made).id);
    },
    async prompt(session, text) {
      const id = await send(session, text);
      const turn = await until(`an answer to ${text}`, async () => {
        const all = await messages(session);
        const own = all.slice(all.findIndex((message) => message["id"] === id) + 1);
        return own.some(({ type }) => type === "idle") && own;
      });
      return turn.filter(isAnswer).map(textOf).at(-1) ?? "";
    },
    async send(session, text) {
      await send(session, text);
    },
    async sessions() {
      const query = `limit=100&directory=${encodeURIComponent(directory)}`;
      return listOf(await call("GET", `/api/session?${query}`)).map(({ id }) => String(id));
    },
    async messages(session) {
      return neutral(await messages(session));
    },
    async remove(session) {
      await call("DELETE", `/api/session/${session}`);
    },
    async permissions(session) {
      const all = listOf(await call("GET", `/api/session/${session}/permission`));
      return all.map(({ id }) => String(id));
    },
    async allow(session, request) {
      const path = `/api/session/${session}/permission/${request}/reply`;
      await call("POST", path, { decision: "once" });
    },
    async answer(session, request, answers) {
      const answer = Object.fromEntries(answers.map(([label], index) => [`q${index}`, label]));
      await call("POST", `/api/session/${session}/form/${request}/reply`, { answer });
    },
  };
}

type Stored = Readonly<Record<string, unknown>>;

const listOf = (answer: unknown): readonly Stored[] =>
  Array.isArray(answer) ? answer.map((one) => Object(one)) : [];

const isAnswer = ({ type }: Stored): boolean => type === "assistant";

function textOf(message: Stored): string {
  if (!isAnswer(message)) return String(message["text"]);
  const texts = listOf(message["content"]).filter(({ type }) => type === "text");
  return texts.map(({ text }) => String(text)).join("");
}

/** OpenCode 2 does not say which prompt an answer belongs to: it is the newest before it. */
function neutral(stored: readonly Stored[]): readonly Message[] {
  let asked = "";
  return stored.flatMap((message): Message | [] => {
    const { type, id: rawId } = message;
    const id = String(rawId);
    const { created, completed } = Object(message["time"]);
    const shared = { id, text: textOf(message), createdMs: Number(created) };
    if (type === "user") {
      asked = id;
      const { postId } = Object(Object(message["metadata"]).mattermost);
      return { ...shared, role: "user", finished: false, ...(postId && { postId }) };
    }
    if (type !== "assistant") return [];
    const finished = completed !== undefined && message["error"] === undefined;
    return { ...shared, role: "assistant", parentId: asked, finished };
  });
}

async function until<T>(what: string, probe: () => Promise<T | false>): Promise<T> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await probe();
    if (found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${WITHIN_MS / 1000} s for ${what}.`);
    await Bun.sleep(20);
  }
}
