import type { ChatPort } from "../../src/ports.ts";
import type { ChatCall } from "./fake-chat-faults.ts";

type Through = <T>(
  call: ChatCall,
  args: readonly unknown[],
  effect: () => Promise<T>,
) => Promise<T>;

/** The same port with every call led through `through`. A text that is told when the request is sent is told here. */
export function watched(port: ChatPort, through: Through): ChatPort {
  const names = Object.keys(port) as ChatCall[];
  const lead = (name: ChatCall) => {
    const run = port[name] as (...args: unknown[]) => Promise<unknown>;
    return (...given: unknown[]) => {
      const args = given.map(asSent);
      return through(name, args, () => run(...args));
    };
  };
  return Object.fromEntries(names.map((name) => [name, lead(name)])) as unknown as ChatPort;
}

function asSent(arg: unknown): unknown {
  if (typeof arg === "function") return arg();
  const { message } = Object(arg);
  return typeof message === "function" ? { ...Object(arg), message: message() } : arg;
}
