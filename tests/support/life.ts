import type { Clock } from "../../src/ports.ts";
import { createLifetime } from "../../src/timing/lifetime.ts";

/** The life of one process among several: once it is killed none of its timers runs, and nothing that it asked is answered. */
export interface Life {
  readonly clock: Clock;
  /** The same port, asked by this process. What it asked before is done all the same. */
  through<T extends object>(port: T): T;
  kill(): void;
}

export function createLife(outer: Clock): Life {
  const clock = createLifetime(outer);
  let isOver = false;
  const never = (): Promise<never> => new Promise(() => undefined);

  const answer = async (asked: unknown): Promise<unknown> => {
    try {
      const given = await asked;
      return isOver ? never() : given;
    } catch (error) {
      return isOver ? never() : Promise.reject(error);
    }
  };

  return {
    clock,
    through: (port) =>
      new Proxy(port, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function") return member;
          return (...args: unknown[]) => {
            if (isOver) return never();
            const given: unknown = member.apply(target, args);
            return given instanceof Promise ? answer(given) : given;
          };
        },
      }),
    kill() {
      isOver = true;
      clock.end();
    },
  };
}
