import { newId } from "./ids.ts";
import type { UserRow } from "./rows.ts";
import { setOnline, setStatus } from "./statuses.ts";
import type { Audience, World } from "./world.ts";

/** The wire under a connection, while there is one. */
export interface Wire {
  send(text: string): void;
  /** Ends it abruptly. */
  terminate(): void;
}

/** How many frames a dropped connection can be given again, and for how long. */
const keptFrames = 128;
const keptMs = 5 * 60_000;

interface Connection {
  readonly id: string;
  readonly user: UserRow;
  token: string;
  wire: Wire | undefined;
  nextSeq: number;
  readonly frames: { readonly seq: number; readonly text: string }[];
  lostAt: number;
}

/** What a client asks for when it takes up an earlier connection. */
export interface ResumeRequest {
  readonly connectionId: string;
  readonly sequence: number;
}

/** A socket's place in the hub after it has authenticated. */
export interface Seat {
  readonly user: UserRow;
  /** False once the token is dead: the socket stays open, and nothing is said or heard. */
  heard(): boolean;
  reply(answer: Record<string, unknown>): void;
  /** The wire is gone; frames are kept for a while in case the client returns. */
  lost(): void;
}

/** The authenticated sockets: numbers the frames of each, keeps the last ones, replays them. */
export interface Hub {
  publish(event: string, data: Record<string, unknown>, audience: Audience): void;
  /**
   * Seats a socket. With a resumable `resume` the missed frames are replayed and no `hello` is
   * sent; in every other case a new connection begins with `hello`. `greeted` runs between the
   * greeting and the news that the user is online.
   */
  join(
    token: string,
    user: UserRow,
    wire: Wire,
    resume?: ResumeRequest,
    greeted?: () => void,
  ): Seat;
  /** Forgets every connection and drops its socket, as a restart does. */
  restart(): void;
  /** Drops the sockets of one user, or of everyone, abruptly; returns how many there were. */
  drop(userId?: string): number;
  /** Users with an open socket, once per socket. */
  open(): readonly UserRow[];
}

/** Creates the hub; `world` is asked for only when the first frame is sent. */
export function createHub(world: () => World): Hub {
  const connections = new Map<string, Connection>();
  const byUser = new Map<string, Set<Connection>>();

  const publish: Hub["publish"] = (event, data, audience) => {
    const targets = recipients(world(), audience, byUser);
    if (targets.length === 0) return;
    const broadcast = JSON.stringify(wireBroadcast(world(), audience));
    const head = `{"event":${JSON.stringify(event)},"data":`;
    const shared = audience.own === undefined ? JSON.stringify(data) : "";
    for (const connection of targets) {
      const own = audience.own?.(connection.user.id);
      const body = own === undefined ? shared : JSON.stringify({ ...data, ...own });
      deliver(connection, `${head}${body},"broadcast":${broadcast}`);
    }
  };

  const deliver = (connection: Connection, unfinished: string) => {
    if (!world().tokens.has(connection.token)) return;
    const seq = connection.nextSeq;
    const text = `${unfinished},"seq":${seq}}`;
    connection.nextSeq += 1;
    connection.frames.push({ seq, text });
    if (connection.frames.length > keptFrames) connection.frames.shift();
    connection.wire?.send(text);
  };

  const forget = (connection: Connection) => {
    connections.delete(connection.id);
    byUser.get(connection.user.id)?.delete(connection);
  };

  const expire = () => {
    const limit = world().now() - keptMs;
    for (const connection of connections.values()) {
      if (connection.wire === undefined && connection.lostAt < limit) forget(connection);
    }
  };

  const begin = (token: string, user: UserRow, wire: Wire): Connection => {
    const id = newId();
    const connection = { id, user, token, wire, nextSeq: 0, frames: [], lostAt: 0 };
    connections.set(id, connection);
    const seats = byUser.get(user.id) ?? new Set();
    byUser.set(user.id, seats.add(connection));
    const data = { connection_id: id, server_version: world().generation.build };
    const broadcast = JSON.stringify(wireBroadcast(world(), { userId: user.id }));
    deliver(connection, `{"event":"hello","data":${JSON.stringify(data)},"broadcast":${broadcast}`);
    return connection;
  };

  const takeUp = (
    token: string,
    user: UserRow,
    wire: Wire,
    resume: ResumeRequest,
  ): Connection | undefined => {
    const known = connections.get(resume.connectionId);
    if (!world().generation.resume || known?.user !== user) return undefined;
    if (known.wire !== undefined) return undefined;
    const first = known.frames[0]?.seq ?? known.nextSeq;
    if (resume.sequence < first || resume.sequence > known.nextSeq) {
      forget(known);
      return undefined;
    }
    known.wire = wire;
    known.token = token;
    for (const frame of known.frames) if (frame.seq >= resume.sequence) wire.send(frame.text);
    return known;
  };

  const seatAt = (connection: Connection): Seat => {
    const { user, wire } = connection;
    return {
      user,
      heard: () => world().tokens.has(connection.token),
      reply(answer) {
        if (connection.wire === wire) wire?.send(JSON.stringify(answer));
      },
      lost() {
        if (connection.wire === wire) lose(connection);
      },
    };
  };

  const lose = (connection: Connection) => {
    const { user } = connection;
    connection.wire = undefined;
    connection.lostAt = world().now();
    if (!world().generation.resume) forget(connection);
    const others = [...(byUser.get(user.id) ?? [])];
    if (!others.some((each) => each.wire !== undefined)) setStatus(world(), user, "offline");
  };

  return {
    publish,
    join(token, user, wire, resume, greeted) {
      expire();
      const resumed = resume === undefined ? undefined : takeUp(token, user, wire, resume);
      const connection = resumed ?? begin(token, user, wire);
      greeted?.();
      setOnline(world(), user);
      return seatAt(connection);
    },
    restart() {
      const wires = [...connections.values()].map((each) => each.wire);
      connections.clear();
      byUser.clear();
      for (const wire of wires) wire?.terminate();
    },
    drop(userId) {
      const dropped = openOnes(connections).filter(
        (each) => userId === undefined || each.user.id === userId,
      );
      for (const connection of dropped) {
        const { wire } = connection;
        lose(connection);
        wire?.terminate();
      }
      return dropped.length;
    },
    open: () => openOnes(connections).map((each) => each.user),
  };
}

function openOnes(connections: ReadonlyMap<string, Connection>): readonly Connection[] {
  return [...connections.values()].filter((each) => each.wire !== undefined);
}

function recipients(
  world: World,
  audience: Audience,
  byUser: ReadonlyMap<string, ReadonlySet<Connection>>,
): readonly Connection[] {
  const { channelId, userId, omitUserId } = audience;
  const ids =
    userId !== undefined
      ? [userId]
      : channelId !== undefined
        ? [...(world.channels.get(channelId)?.members.keys() ?? [])]
        : [...byUser.keys()];
  return ids.flatMap((id) => (id === omitUserId ? [] : [...(byUser.get(id) ?? [])]));
}

function wireBroadcast(world: World, audience: Audience): Record<string, unknown> {
  const { omitUserId } = audience;
  const wire: Record<string, unknown> = {
    omit_users: omitUserId === undefined ? null : { [omitUserId]: true },
    user_id: audience.userId ?? "",
    channel_id: audience.channelId ?? "",
    team_id: "",
  };
  if (world.generation.newKeys) Object.assign(wire, { connection_id: "", omit_connection_id: "" });
  return Object.assign(wire, audience.marks);
}
