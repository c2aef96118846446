import { createMattermostClient } from "../../src/clients/mattermost/mattermost-client.ts";
import { createRateBudget } from "../../src/clients/mattermost/rate-budget.ts";
import { createWebSocketClient } from "../../src/clients/mattermost/websocket-client.ts";
import { startStandIn } from "../../src/playground/stand-in/stand-in.ts";
import type { ChatPort } from "../../src/ports.ts";
import { systemClock } from "../../src/timing/system-clock.ts";
import { createFakeChat } from "../support/fake-chat.ts";
import { createFakeSocket } from "../support/fake-socket.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";
import { chatPortContract } from "./chat-port.ts";
import { chatListsContract } from "./chat-port-lists.ts";
import { openRelay } from "./chat-port-relay.ts";
import { chatSocketContract, type SocketServer } from "./chat-port-socket.ts";

const {
  MATTERMOST_TEST_URL: liveUrl,
  MATTERMOST_TEST_BOT_TOKEN: liveBot,
  MATTERMOST_TEST_USER_TOKEN: liveUser,
} = process.env;

const stop = async (): Promise<void> => undefined;

async function fake(): Promise<SocketServer> {
  const chat = createFakeChat();
  const line = async () => {
    const socket = createFakeSocket(chat);
    const start: typeof socket.start = (listener) => {
      socket.start(listener);
      queueMicrotask(() => {
        socket.become({ kind: "connecting" });
        socket.live();
      });
    };
    const reconnect = (reason: string): void => {
      socket.drop(reason);
      queueMicrotask(() => socket.live(true));
    };
    return {
      socket: { ...socket, start, reconnect },
      cut: () => socket.drop(),
      restore: (forgotten = false) => socket.live(!forgotten),
      stop,
    };
  };
  return { bot: chat, person: chat.as("alice"), line, stop };
}

function served(url: string, botToken: string, userToken: string): SocketServer {
  const budget = createRateBudget({ clock: systemClock, perSecond: 1_000, burst: 1_000 });
  const client = (token: string): ChatPort =>
    createMattermostClient({ baseUrl: url, token, budget });
  const line = async () => {
    const relay = await openRelay(url);
    const socket = createWebSocketClient({
      baseUrl: relay.url,
      token: botToken,
      clock: systemClock,
      logger: createRecordingLogger(),
      checkToken: async () => "accepted",
      random: () => 0,
    });
    return { socket, cut: relay.cut, restore: relay.restore, stop: relay.stop };
  };
  return { bot: client(botToken), person: client(userToken), line, stop };
}

async function standIn(version: "9.9" | "5.37"): Promise<SocketServer> {
  const server = await startStandIn({ version });
  const userToken = server.users["alice"]?.token ?? "";
  return { ...served(server.url, server.bot.token, userToken), stop: server.stop };
}

const servers: Readonly<Record<string, () => Promise<SocketServer>>> = {
  "the fake": fake,
  "the stand-in": () => standIn("9.9"),
  "the stand-in as 5.37": () => standIn("5.37"),
};

for (const [name, setup] of Object.entries(servers)) {
  chatPortContract(name, setup);
  chatListsContract(name, setup);
}
chatSocketContract("the fake", fake);
chatSocketContract("the stand-in", () => standIn("9.9"));

if (liveUrl && liveBot && liveUser) {
  const live = async () => served(liveUrl, liveBot, liveUser);
  chatPortContract("a real server", live);
  chatListsContract("a real server", live);
  chatSocketContract("a real server", live);
}
