import { HttpsProxyAgent } from "https-proxy-agent";
import WebSocket, { type ClientOptions } from "ws";

/** The package `ws`, with the one option that Bun's has beside it: an HTTP proxy to go through. */
export default class SocketOnNode extends WebSocket {
  constructor(address: string, options: ClientOptions & { readonly proxy?: string } = {}) {
    const { proxy, ...rest } = options;
    super(address, { ...rest, ...(proxy && { agent: new HttpsProxyAgent(proxy) }) });
  }
}
