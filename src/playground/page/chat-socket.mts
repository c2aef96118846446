import { asJson, asText } from "./wire.mts";

type Data = Readonly<Record<string, unknown>>;

interface SocketListener {
  /** Connected, again after every break: what was missed must be read. */
  connected(): void;
  disconnected(): void;
  event(name: string, data: Data): void;
}

const RETRY_MS = 1_000;

/** Keeps a socket to Mattermost open for as long as the page is. */
export function listenToChat(token: string, listener: SocketListener): void {
  const url = new URL("api/v4/websocket", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => {
    const challenge = { seq: 1, action: "authentication_challenge", data: { token } };
    socket.send(JSON.stringify(challenge));
  });
  socket.addEventListener("message", ({ data }) => {
    const frame = asJson(JSON.parse(String(data)));
    const name = asText(frame["event"]);
    if (name === "hello") listener.connected();
    else listener.event(name, asJson(frame["data"]));
  });
  socket.addEventListener("close", () => {
    listener.disconnected();
    setTimeout(() => listenToChat(token, listener), RETRY_MS);
  });
}
