export interface Gates {
  /** Settles when the gate is released or the signal aborts. */
  pass(gate: string, signal: AbortSignal): Promise<void>;
  /** The gates at which an answer is held now. */
  held(): readonly string[];
  /** Opens the gate for good, also for answers that have not come to it yet. */
  release(gate: string): void;
  /** Opens every gate for good. */
  releaseAll(): void;
}

export function createGates(): Gates {
  const open = new Set<string>();
  const waiting = new Map<() => void, string>();
  let allOpen = false;

  const wake = (isFree: (gate: string) => boolean): void => {
    for (const [resume, gate] of waiting) if (isFree(gate)) resume();
  };

  return {
    pass(gate, signal) {
      if (allOpen || open.has(gate) || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const resume = (): void => {
          waiting.delete(resume);
          signal.removeEventListener("abort", resume);
          resolve();
        };
        waiting.set(resume, gate);
        signal.addEventListener("abort", resume);
      });
    },
    held: () => [...new Set(waiting.values())],
    release(gate) {
      open.add(gate);
      wake((name) => name === gate);
    },
    releaseAll() {
      allOpen = true;
      wake(() => true);
    },
  };
}
