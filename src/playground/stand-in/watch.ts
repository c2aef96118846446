/** Waiting for something to come true. */
export interface Watch {
  /** Something changed; the probes are asked again soon. */
  changed(): void;
  until<T>(what: string, probe: () => T | undefined | false, timeoutMs: number): Promise<T>;
  /** Ends all waiting: it rejects. */
  stop(): void;
}

/** Probes are asked at most this often, however fast things change. */
const calmMs = 3;

/** Creates a watch; `dump` tells what is there when waiting has been in vain. */
export function createWatch(dump: () => string): Watch {
  const waiting = new Map<() => void, (reason: string) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const askAll = () => {
    timer = undefined;
    for (const ask of waiting.keys()) ask();
  };

  return {
    changed() {
      if (waiting.size > 0) timer ??= setTimeout(askAll, calmMs);
    },
    until<T>(what: string, probe: () => T | undefined | false, timeoutMs: number): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const end = () => {
          clearTimeout(limit);
          waiting.delete(ask);
        };
        const giveUp = (reason: string) => {
          end();
          reject(new Error(`Waited for ${what}: ${reason}.\n${dump()}`));
        };
        const ask = () => {
          try {
            const value = probe();
            if (value === undefined || value === false) return;
            end();
            resolve(value);
          } catch (cause) {
            end();
            reject(cause);
          }
        };
        const limit = setTimeout(() => {
          ask();
          if (waiting.has(ask)) giveUp(`not within ${timeoutMs} ms`);
        }, timeoutMs);
        waiting.set(ask, giveUp);
        ask();
      });
    },
    stop() {
      clearTimeout(timer);
      for (const giveUp of waiting.values()) giveUp("the stand-in was stopped");
    },
  };
}
