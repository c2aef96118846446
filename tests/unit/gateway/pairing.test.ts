// Nobody owns the bot yet: the code is for whoever sits at the terminal, and guessing ends for those who guess.
import { describe, expect, test } from "bun:test";
import { createOwnerFinder } from "../../../src/gateway/owner-finder.ts";
import type { ChatEvent, Post, User } from "../../../src/models/chat.ts";
import { asChannelId, asPostId, type UserId } from "../../../src/models/ids.ts";
import type { PairingStore } from "../../../src/ports.ts";
import { createFakeChat } from "../../support/fake-chat.ts";
import { createManualClock, settle } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

const PLACE = "/home/alice/.local/state/opencode-mattermost/pairing-1.json";

function createStore(): PairingStore & { code(): string } {
  let owner: UserId | undefined;
  let open: ReturnType<PairingStore["open"]>;
  return {
    place: PLACE,
    owner: () => owner,
    setOwner(id) {
      owner = id;
      open = undefined;
    },
    open: () => open,
    begin(code, sinceMs) {
      open = { code, sinceMs, wrongTries: {} };
    },
    countWrongTry(person) {
      const tries = (open?.wrongTries[person] ?? 0) + 1;
      if (open) open = { ...open, wrongTries: { ...open.wrongTries, [person]: tries } };
    },
    end() {
      open = undefined;
    },
    code: () => open?.code ?? "",
  };
}

async function createFinder() {
  const chat = createFakeChat({ people: ["alice", "mallory", "trent"] });
  const clock = createManualClock();
  const logger = createRecordingLogger();
  const store = createStore();
  const told: string[] = [];
  const owners: string[] = [];
  let hear: (event: ChatEvent) => void = () => undefined;
  const finder = createOwnerFinder({
    config: { owner: undefined, url: "https://chat.example.com" },
    chat,
    clock,
    logger,
    pairing: store,
    knownOwner: { place: "", id: () => undefined, remember: () => undefined },
    isLeader: () => true,
    whyUnreachable: async () => undefined,
    tell: (message) => told.push(message),
    show: (message) => told.push(message),
    listen(on) {
      hear = on;
    },
    onKnown: ({ owner }) => owners.push(owner.username),
  });
  finder.start();
  await settle();
  let posts = 0;
  return {
    finder,
    clock,
    logger,
    store,
    told,
    owners,
    async says(name: string, message: string): Promise<void> {
      const person = chat.people[name];
      if (!person) throw new Error(`There is no ${name}.`);
      hear({ type: "posted", channelType: "D", post: aPost(person, message, ++posts) });
      await settle();
    },
    answers: () => chat.posts().map((post) => post.message),
  };
}

const aPost = ({ id }: User, message: string, number: number): Post => ({
  id: asPostId(`post${number}`),
  channelId: asChannelId(`dm-${id}`),
  userId: id,
  message,
  type: "",
  createdMs: 1,
  editedMs: 0,
  deleted: false,
  props: {},
  files: [],
  reactions: [],
});

describe("the code", () => {
  test("is told to the person at the terminal, and the log says only where it stands", async () => {
    const { store, told, logger } = await createFinder();
    const code = store.code();
    expect(code).toMatch(/^[A-Z2-9]{8}$/);
    expect(told).toEqual([expect.stringContaining(`!pair ${code}`)]);
    const logged = JSON.stringify(logger.lines);
    expect(logged).toContain(PLACE);
    expect(logged).not.toContain(code);
  });

  test("is told again when somebody asks how things are, and is not given to who asks", async () => {
    const { finder, told, says, store, clock } = await createFinder();
    expect(finder.showCode()).toBe(true);
    expect(told).toHaveLength(2);
    await says("alice", `!pair ${store.code()}`);
    await clock.advance(5_000);
    expect(finder.showCode()).toBe(false);
    expect(told).toHaveLength(2);
  });
});

test("five wrong tries of one person end it for that person alone", async () => {
  const { says, store, owners, clock, answers } = await createFinder();
  for (let tries = 0; tries < 5; tries++) await says("mallory", "!pair AAAAAAAA");
  expect(answers()).toHaveLength(5);
  expect(answers().at(-1)).toContain("the last try");
  await says("mallory", `!pair ${store.code()}`);
  for (let tries = 0; tries < 4; tries++) await says("trent", "!pair BBBBBBBB");
  await clock.advance(5_000);
  expect(owners).toEqual([]);
  await says("alice", `!pair ${store.code().toLowerCase()}`);
  await clock.advance(5_000);
  expect(owners).toEqual(["alice"]);
});
