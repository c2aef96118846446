import type { ChatEvent } from "../../src/models/chat.ts";
import type { ChannelId, PostId } from "../../src/models/ids.ts";
import type { ChatSocket, SocketState } from "../../src/ports.ts";
import type { FakeChat } from "./fake-chat.ts";

type Listener = Parameters<ChatSocket["start"]>[0];

/** A socket that does what the test says. With a chat it also reports what happens there. */
export interface FakeSocket extends ChatSocket {
  readonly state: SocketState;
  readonly typings: readonly { readonly channelId: ChannelId; readonly rootId: PostId }[];
  /** The reasons of `reconnect`. */
  readonly reconnects: readonly string[];
  become(state: SocketState): void;
  /** Live again: with `resumed` everything that happened meanwhile is reported now; without, it is lost. */
  live(resumed?: boolean): void;
  /** The connection is gone; what happens now is kept for a resumption. */
  drop(reason?: string): void;
  /** Reports an event, whatever the state. */
  emit(event: ChatEvent): void;
}

/** Stopped at first; `start` makes it connecting, and only the test makes it live. */
export function createFakeSocket(chat?: FakeChat): FakeSocket {
  let on: Listener | undefined;
  let state: SocketState = { kind: "stopped" };
  let missed: ChatEvent[] = [];
  let stopListening = (): void => undefined;
  const typings: { channelId: ChannelId; rootId: PostId }[] = [];
  const reconnects: string[] = [];

  const become = (next: SocketState): void => {
    state = next;
    on?.state(next);
  };

  return {
    get state() {
      return state;
    },
    typings,
    reconnects,
    become,
    live(resumed = false) {
      const replayed = resumed ? missed : [];
      missed = [];
      become({ kind: "live", resumed });
      for (const event of replayed) on?.event(event);
    },
    drop(reason = "the connection was closed") {
      become({ kind: "waiting", retryAtMs: 0, reason });
    },
    emit: (event) => on?.event(event),
    start(listener) {
      if (on) return;
      on = listener;
      state = { kind: "connecting" };
      const heard = (event: ChatEvent): void => {
        if (state.kind === "live") on?.event(event);
        else missed.push(event);
      };
      stopListening = chat?.listen(heard) ?? stopListening;
    },
    typing(channelId, rootId) {
      if (state.kind === "live") typings.push({ channelId, rootId });
    },
    reconnect: (reason) => void reconnects.push(reason),
    stop() {
      stopListening();
      on = undefined;
      missed = [];
      state = { kind: "stopped" };
    },
  };
}
