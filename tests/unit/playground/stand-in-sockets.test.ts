import { afterEach, beforeEach, expect, test } from "bun:test";
import { type StandIn, startStandIn } from "../../../src/playground/stand-in/stand-in.ts";
import { type LiveSocket, openSocket } from "../../replay/support/live-socket.ts";

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn({ authTimeoutMs: 60 });
  await standIn.as("alice").dm();
});

afterEach(() => standIn.stop());

function connect(query = "", token = standIn.bot.token): Promise<LiveSocket> {
  return openSocket(standIn.url, query, token);
}

function events(socket: LiveSocket): unknown[] {
  return socket.frames.map((frame) => frame["event"]);
}

async function helloOf(socket: LiveSocket): Promise<string> {
  await socket.arrived(1);
  const [hello] = socket.frames;
  expect(hello?.["event"]).toBe("hello");
  return Object(hello?.["data"])["connection_id"];
}

function nextSeq(socket: LiveSocket): number {
  return Number(socket.frames.at(-1)?.["seq"]) + 1;
}

async function resume(id: string, sequence: number): Promise<LiveSocket> {
  return connect(`?connection_id=${id}&sequence_number=${sequence}`);
}

test("a dropped socket is resumed: the missed frames come, no hello", async () => {
  const first = await connect();
  const id = await helloOf(first);
  await first.arrived(2);
  expect(standIn.faults.dropSockets({ user: "opencode" })).toBe(1);
  expect(await first.closed).toBe(1006);
  await standIn.as("alice").react(await standIn.as("alice").post("missed"), "eyes");

  const second = await resume(id, nextSeq(first));

  await second.arrived(4);
  expect(events(second)).toEqual(["status_change", "posted", "reaction_added", "status_change"]);
  expect(second.frames.map((frame) => frame["seq"])).toEqual([2, 3, 4, 5]);
});

test("what cannot be resumed begins anew with a hello", async () => {
  const missTooMuch = async (id: string, sequence: number) => {
    for (let at = 0; at < 130; at += 1) await standIn.as("alice").post(`missed ${at}`);
    return resume(id, sequence);
  };
  const ways: ((id: string, sequence: number) => Promise<LiveSocket>)[] = [
    missTooMuch,
    (id, sequence) => {
      standIn.faults.restart();
      return resume(id, sequence);
    },
    (_id, sequence) => resume("b".repeat(26), sequence),
  ];
  for (const way of ways) {
    const first = await connect();
    const id = await helloOf(first);
    await first.arrived(2);
    standIn.faults.dropSockets();

    const second = await way(id, nextSeq(first));

    expect(await helloOf(second)).not.toBe(id);
    await second.close();
  }
});

test("a connection is kept for five minutes", async () => {
  await standIn.stop();
  let now = 1_000_000;
  standIn = await startStandIn({ now: () => now });
  const first = await connect();
  const id = await helloOf(first);
  await first.arrived(2);
  standIn.faults.dropSockets();
  now += 5 * 60_000 + 1;

  expect(await helloOf(await resume(id, 2))).not.toBe(id);
});

test("the older server resumes nothing", async () => {
  await standIn.stop();
  standIn = await startStandIn({ version: "5.37" });
  const first = await connect();
  const id = await helloOf(first);
  standIn.faults.dropSockets();

  expect(await helloOf(await resume(id, 1))).not.toBe(id);
});

test("a deaf socket stays open, and neither frames nor pongs come", async () => {
  const socket = await connect();
  await socket.arrived(2);
  standIn.faults.deafen();
  socket.send({ seq: 1, action: "ping", data: {} });
  await standIn.as("alice").post("unheard");
  const heard = await connect();
  await heard.arrived(1);

  expect(socket.frames.length).toBe(2);
  await standIn.as("alice").post("heard by the new one");
  await heard.arrived(2);
  expect(await Promise.race([socket.closed, Bun.sleep(20).then(() => "open")])).toBe("open");
});

test("new sockets can be deaf too: they open, and nothing comes", async () => {
  const fault = standIn.faults.deafen({ newOnes: true });

  const deaf = await connect();
  await standIn.until("the socket", () => standIn.sockets().length === 1);
  fault.clear();
  const heard = await connect();

  await helloOf(heard);
  expect(deaf.frames).toEqual([]);
});

test("a deaf connection whose end goes unnoticed cannot be resumed", async () => {
  const first = await connect();
  const id = await helloOf(first);
  await first.arrived(2);
  standIn.faults.deafen({ unnoticed: true });
  // A close would wait for an answer that never comes.
  void first.close();

  expect(await helloOf(await resume(id, 2))).not.toBe(id);
});

test("the socket of a revoked token goes deaf and stays open; REST says 401", async () => {
  const socket = await connect();
  await socket.arrived(2);
  standIn.revoke(standIn.bot.token);
  socket.send({ seq: 1, action: "ping", data: {} });
  await standIn.as("alice").post("unheard");
  const headers = { authorization: `Bearer ${standIn.bot.token}` };

  const answer = await fetch(`${standIn.url}/api/v4/users/me`, { headers });

  expect(answer.status).toBe(401);
  expect(socket.frames.length).toBe(2);
  expect(standIn.sockets()).toEqual(["opencode"]);
});

test("a socket without a valid token is dropped after a while, at once after a bad challenge", async () => {
  const silent = await openSocket(standIn.url, "", "no token of anybody");
  const bad = await openSocket(standIn.url, "", undefined);
  bad.send({ seq: 1, action: "authentication_challenge", data: { token: "bad" } });

  expect(await bad.closed).toBe(1006);
  expect(await silent.closed).toBe(1006);
});

test("upgrades can be refused", async () => {
  const fault = standIn.faults.refuseUpgrades({ user: "opencode" });

  await expect(connect()).rejects.toThrow();
  expect(fault.hits).toBe(1);
  fault.clear();
  await helloOf(await connect());
});

test("away, sockets end; back, they are resumed", async () => {
  const first = await connect();
  const id = await helloOf(first);
  await first.arrived(2);
  standIn.faults.leave();
  expect(await first.closed).toBe(1006);
  await standIn.until("the end to be noticed", () => standIn.sockets().length === 0);
  await standIn.as("alice").post("missed");
  standIn.faults.comeBack();

  const second = await resume(id, 2);

  await second.arrived(3);
  expect(events(second)).toEqual(["status_change", "posted", "status_change"]);
});

test("typing in a thread is shown to the other, and remembered", async () => {
  const alice = await connect("", standIn.users["alice"]?.token);
  await alice.arrived(2);
  const bot = await connect();
  const channelId = await standIn.as("alice").dm();
  bot.send({ seq: 1, action: "user_typing", data: { channel_id: channelId, parent_id: "root" } });

  await alice.arrived(3);

  expect(alice.frames[2]).toMatchObject({ event: "typing", data: { parent_id: "root" } });
  expect(standIn.typing()).toMatchObject([{ userId: standIn.bot.id, channelId, parentId: "root" }]);
});
