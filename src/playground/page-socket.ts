import type { WebSocketHandler } from "bun";

/** One browser's socket, tied to a socket at Mattermost. */
export interface LinkData {
  readonly upstream: WebSocket;
  /** What the browser said before the other side was open. */
  readonly waiting: string[];
}

export const openLink = (url: string): LinkData => ({
  upstream: new WebSocket(url.replace(/^http/, "ws")),
  waiting: [],
});

/** Passes frames on in both directions; when one side ends, so does the other. */
export const socketHandler: WebSocketHandler<LinkData> = {
  open(browser) {
    const { upstream, waiting } = browser.data;
    upstream.addEventListener("message", ({ data }) => void browser.send(String(data)));
    upstream.addEventListener("close", () => browser.close());
    upstream.addEventListener("open", () => {
      for (const text of waiting.splice(0)) upstream.send(text);
    });
    if (upstream.readyState === WebSocket.CLOSED) browser.close();
  },
  message({ data }, text) {
    const { upstream, waiting } = data;
    if (upstream.readyState === WebSocket.OPEN) upstream.send(String(text));
    else waiting.push(String(text));
  },
  close({ data }) {
    data.upstream.close();
  },
};
