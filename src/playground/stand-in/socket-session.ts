import type { SeenTyping } from "./api.ts";
import type { Hub, ResumeRequest, Seat, Wire } from "./hub.ts";
import { asRecord, asText } from "./parse.ts";
import type { World } from "./world.ts";

/** What a socket's life needs from outside. */
export interface SessionDeps {
  readonly world: World;
  readonly hub: Hub;
  /** How long an unauthenticated socket may stay open. */
  readonly authTimeoutMs: number;
  readonly onTyping: (typing: SeenTyping) => void;
}

/** One socket from its upgrade to its end. */
export interface SocketSession {
  message(text: string): void;
  closed(): void;
  /** Whose socket it is, once it has authenticated. */
  username(): string | undefined;
}

/**
 * Begins a session on an open wire. A good `token` (from the header of the upgrade) seats it at
 * once; without one it must pass the authentication challenge in time, or is dropped.
 */
export function beginSession(
  deps: SessionDeps,
  wire: Wire,
  token: string | undefined,
  resume: ResumeRequest | undefined,
): SocketSession {
  let seat: Seat | undefined;
  const user = token === undefined ? undefined : deps.world.tokens.get(token);
  let timer: ReturnType<typeof setTimeout> | undefined;
  if (token !== undefined && user !== undefined) seat = deps.hub.join(token, user, wire, resume);
  else timer = setTimeout(() => wire.terminate(), deps.authTimeoutMs);

  const challenge = (seq: number, offered: string) => {
    const owner = deps.world.tokens.get(offered);
    if (owner === undefined) {
      wire.terminate();
      return;
    }
    clearTimeout(timer);
    // The challenge knows nothing of earlier connections: it always begins a new one.
    seat = deps.hub.join(offered, owner, wire, undefined, () => answer(seq));
  };

  const answer = (seq: number, rest: Record<string, unknown> = {}) => {
    wire.send(JSON.stringify({ status: "OK", seq_reply: seq, ...rest }));
  };

  const act = (seq: number, action: string, data: Record<string, unknown>) => {
    if (seat === undefined) wire.send(JSON.stringify(fail(seq, notAuthenticated)));
    if (seat?.heard() !== true) return;
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined) seat.reply(fail(seq, unknownAction));
    else seat.reply({ status: "OK", seq_reply: seq, ...run(deps, seat, data) });
  };

  return {
    message(text) {
      const frame = asRecord(parse(text));
      if (frame === undefined) {
        wire.terminate();
        return;
      }
      const seq = typeof frame["seq"] === "number" ? frame["seq"] : 0;
      const action = asText(frame["action"]) ?? "";
      const data = asRecord(frame["data"]) ?? {};
      if (action !== "authentication_challenge") act(seq, action, data);
      else if (seat === undefined) challenge(seq, asText(data["token"]) ?? "");
    },
    closed() {
      clearTimeout(timer);
      seat?.lost();
    },
    username: () => seat?.user.username,
  };
}

type Action = (
  deps: SessionDeps,
  seat: Seat,
  data: Record<string, unknown>,
) => Record<string, unknown>;

const actions: Readonly<Record<string, Action>> = {
  ping: ({ world }) => ({
    data: {
      node_id: "",
      server_time: world.now(),
      text: "pong",
      version: world.generation.version,
    },
  }),
  user_typing(deps, seat, data) {
    const channelId = asText(data["channel_id"]) ?? "";
    const parentId = asText(data["parent_id"]) ?? "";
    showTyping(deps, seat.user.id, channelId, parentId);
    return {};
  },
};

/** Tells the other members of the channel that the user is typing in it. */
export function showTyping(
  deps: Pick<SessionDeps, "world" | "onTyping">,
  userId: string,
  channelId: string,
  parentId: string,
): void {
  const { world } = deps;
  if (world.channels.get(channelId)?.members.has(userId) !== true) return;
  deps.onTyping({ at: world.now(), userId, channelId, parentId });
  world.publish(
    "typing",
    { parent_id: parentId, user_id: userId },
    { channelId, omitUserId: userId },
  );
}

const unknownAction = {
  id: "api.web_socket_router.bad_action.app_error",
  message: "Unknown WebSocket action.",
  detailed_error: "",
  status_code: 500,
};

const notAuthenticated = {
  id: "api.web_socket_router.not_authenticated.app_error",
  message: "WebSocket connection is not authenticated. Please log in and try again.",
  detailed_error: "",
  status_code: 401,
};

function fail(seq: number, error: Record<string, unknown>): Record<string, unknown> {
  return { status: "FAIL", seq_reply: seq, error };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
