import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { codeOf } from "../../persistence/io-failure.ts";

/** Opens a connection and ends it again. Resolves with the code of what went wrong, or an empty one. Never rejects. */
export async function connectTo(hostname: string, port: number, withinMs: number): Promise<string> {
  try {
    const { address } = await lookup(hostname);
    return await new Promise((resolve) => {
      const socket = connect({ host: address, port });
      const end = (code: string): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(code);
      };
      const timer = setTimeout(() => end("ETIMEDOUT"), withinMs);
      socket.on("connect", () => end(""));
      socket.on("error", (error) => end(codeOf(error) || "ECONNREFUSED"));
    });
  } catch (error) {
    return codeOf(error) || "ENOTFOUND";
  }
}
