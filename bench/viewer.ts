import WebSocket from "ws";
import { z } from "zod";
import type { StandIn } from "../src/playground/stand-in/stand-in.ts";

const frameSchema = z.object({
  event: z.enum(["posted", "post_edited"]),
  data: z.object({ post: z.string() }),
});
const postSchema = z.object({ message: z.string() });

/** The owner's own client: what reaches their screen, and when. */
export interface Viewer {
  /** When a word was first on the screen, by `performance.now()`; `undefined` while it is not. */
  seenAt(word: string): number | undefined;
  stop(): void;
}

/** Opens the owner's live connection. `word` matches the words to look for. */
export async function openViewer(mattermost: StandIn, word: RegExp): Promise<Viewer> {
  const { token = "" } = mattermost.users["alice"] ?? {};
  const socket = new WebSocket(`${mattermost.url.replace("http", "ws")}/api/v4/websocket`);
  const seen = new Map<string, number>();
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("open", () => {
      socket.send(JSON.stringify({ seq: 1, action: "authentication_challenge", data: { token } }));
    });
    socket.on("message", (frame) => {
      const now = performance.now();
      const text = String(frame);
      if (text.includes('"hello"')) resolve();
      const parsed = frameSchema.safeParse(JSON.parse(text));
      if (!parsed.success) return;
      const { message } = postSchema.parse(JSON.parse(parsed.data.data.post));
      for (const [found] of message.matchAll(word)) if (!seen.has(found)) seen.set(found, now);
    });
  });
  return { seenAt: (found) => seen.get(found), stop: () => socket.terminate() };
}
