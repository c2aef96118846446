import type { StandIn } from "../../../src/playground/stand-in/stand-in.ts";
import { type LiveSocket, openSocket } from "./live-socket.ts";
import type { Actor } from "./transcript.ts";

export type Frame = Readonly<Record<string, unknown>>;

interface RecordedFrame {
  readonly line: number;
  readonly frame: Frame;
}

/** A recorded frame and the live one at its place. */
interface FramePair {
  readonly recorded: RecordedFrame;
  readonly live: Frame;
}

/** The sockets of a replay, at most one for each actor, and what the recording saw on each. */
export interface Lanes {
  open(actor: Actor, query: string, token: string | undefined): Promise<void>;
  isOpen(actor: Actor): boolean;
  send(actor: Actor, frame: unknown): void;
  expect(actor: Actor, frame: RecordedFrame): void;
  /**
   * Resolves with the pairs not yet compared when all frames expected so far have come, or with
   * what did not come. `anyOrder` pairs them by what they say.
   */
  catchUp(anyOrder: boolean): Promise<{ readonly pairs: FramePair[]; readonly problems: string[] }>;
  /** Closes as a client; resolves with the frames that came and that nobody expected. */
  close(actor: Actor): Promise<readonly Frame[]>;
  /** Resolves with the code with which the server ended the socket. */
  ended(actor: Actor): Promise<number>;
}

interface Lane {
  readonly socket: LiveSocket;
  readonly expected: RecordedFrame[];
  compared: number;
}

/** Creates the lanes, all closed. */
export function createLanes(standIn: StandIn): Lanes {
  const lanes = new Map<Actor, Lane>();
  const lane = (actor: Actor): Lane => {
    const known = lanes.get(actor);
    if (known === undefined) throw new Error(`${actor} has no socket here.`);
    return known;
  };
  const catchUpLane = async (actor: Actor, at: Lane, anyOrder: boolean) => {
    const problems: string[] = [];
    await at.socket.arrived(at.expected.length).catch((error: unknown) => {
      problems.push(`line ${(at.expected.at(-1)?.line ?? 0) + 1}, ${actor}: ${String(error)}`);
    });
    const recorded = at.expected.slice(at.compared);
    const live = at.socket.frames.slice(at.compared, at.expected.length);
    at.compared = at.expected.length;
    return {
      pairs: anyOrder ? pairBySaying(recorded, live) : pairInOrder(recorded, live),
      problems,
    };
  };

  return {
    async open(actor, query, token) {
      const socket = await openSocket(standIn.url, query, token);
      lanes.set(actor, { socket, expected: [], compared: 0 });
    },
    isOpen: (actor) => lanes.has(actor),
    send: (actor, frame) => lane(actor).socket.send(frame),
    expect: (actor, frame) => void lane(actor).expected.push(frame),
    async catchUp(anyOrder) {
      const all = await Promise.all(
        [...lanes].map(([actor, at]) => catchUpLane(actor, at, anyOrder)),
      );
      return {
        pairs: all.flatMap(({ pairs }) => pairs),
        problems: all.flatMap(({ problems }) => problems),
      };
    },
    async close(actor) {
      const { socket, expected } = lane(actor);
      // The answer to a ping comes behind everything that was sent before it.
      socket.send({ seq: 1000, action: "ping", data: {} });
      const pong = (frame: Frame) => frame["seq_reply"] === 1000;
      while (!socket.frames.some(pong)) await socket.arrived(socket.frames.length + 1);
      const before = standIn.sockets().length;
      await socket.close();
      lanes.delete(actor);
      await standIn.until("the socket to be missed", () => standIn.sockets().length < before);
      return socket.frames.slice(expected.length).filter((frame) => !pong(frame));
    },
    async ended(actor) {
      const code = await lane(actor).socket.closed;
      lanes.delete(actor);
      return code;
    },
  };
}

function pairInOrder(recorded: readonly RecordedFrame[], live: readonly Frame[]): FramePair[] {
  return recorded.map((each, at) => ({ recorded: each, live: live[at] ?? {} }));
}

/**
 * Pairs frames that came in no certain order: by event, and by what a post says. Their sequence
 * numbers count what came, whatever it was: they are compared as they came, then left alone.
 */
function pairBySaying(recorded: readonly RecordedFrame[], live: readonly Frame[]): FramePair[] {
  const counted = recorded.map((each, at) => ({ ...each, liveSeq: live[at]?.["seq"] }));
  const wrong = counted.filter(({ frame, liveSeq }) => frame["seq"] !== liveSeq);
  if (wrong.length > 0) return pairInOrder(recorded, live);
  const theirs = recorded.toSorted((a, b) => saying(a.frame).localeCompare(saying(b.frame)));
  const ours = live.toSorted((a, b) => saying(a).localeCompare(saying(b)));
  return theirs.map((each, at) => ({
    recorded: each,
    live: { ...ours[at], seq: each.frame["seq"] },
  }));
}

function saying(frame: Frame): string {
  const { data } = frame;
  const post = typeof data === "object" && data !== null && "post" in data ? data.post : "";
  return `${frame["event"]} ${/"message":"([^"]*)"/.exec(String(post))?.[1] ?? ""}`;
}
