import type { Frame } from "./socket-frames.ts";

/**
 * What a frame says about its connection. `fresh`: it begins anew, nothing was kept for it. `resumed`: it goes on where an
 * earlier one ended. `in-order`: the next one. `missed`: frames before it are missing. `ignored`: it says nothing.
 */
type Place = "fresh" | "resumed" | "in-order" | "missed" | "ignored";

/**
 * The numbers of the server's frames across connections. The server greets a connection that begins anew and does not greet one
 * that it resumes: then the first sign of it is the next frame in order or, where nothing was missed, an answer.
 */
export interface FrameOrder {
  /** A new connection begins; returns the query that asks to resume the last one, or nothing. */
  begin(): string;
  take(frame: Frame): Place;
  /** What comes next begins anew. */
  forget(): void;
}

export function createFrameOrder(): FrameOrder {
  let connectionId = "";
  let nextSeq = 0;
  /** The server has said by a frame which connection this is. */
  let known = false;

  /** The first frame in order of a connection that was not greeted shows that it was resumed. */
  function goOn(): Place {
    if (known) return "in-order";
    known = true;
    return "resumed";
  }

  function greeted(hello: Extract<Frame, { kind: "hello" }>): Place {
    const same = connectionId !== "" && hello.connectionId === connectionId;
    const resumed = same && hello.seq === nextSeq;
    connectionId = hello.connectionId;
    nextSeq = hello.seq + 1;
    if (resumed) return goOn();
    known = true;
    return "fresh";
  }

  return {
    begin() {
      known = false;
      if (connectionId === "") return "";
      return `?connection_id=${encodeURIComponent(connectionId)}&sequence_number=${nextSeq}`;
    },
    take(frame) {
      if (frame.kind === "malformed") return "ignored";
      if (frame.kind === "hello") return greeted(frame);
      if (!known && connectionId === "") return "ignored";
      if (frame.kind === "answer") return frame.ok ? goOn() : "ignored";
      if (frame.seq !== nextSeq) return "missed";
      nextSeq++;
      return goOn();
    },
    forget() {
      connectionId = "";
    },
  };
}
