/** A program that runs beside a test. */
export interface Program {
  output(): string;
  /** Waits until it has printed that; rejects with what it said when it ends first. */
  printed(pattern: RegExp): Promise<string>;
  /** The processes that it has started and that run. */
  children(): readonly number[];
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<number>;
}

export function startProgram(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Program {
  const child = Bun.spawn([...command], { ...options, stdout: "pipe", stderr: "pipe" });
  let text = "";
  let changed = Promise.withResolvers<void>();
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      text += decoder.decode(bytes, { stream: true });
      changed.resolve();
      changed = Promise.withResolvers();
    }
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]).then(() => "over" as const);
  return {
    output: () => text,
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(text);
        if (found) return found[0];
        const news = await Promise.race([changed.promise, reading]);
        if (news === "over" && !pattern.test(text)) throw new Error(`It ended with:\n${text}`);
      }
    },
    children: () => childrenOf(child.pid),
    kill: (signal) => child.kill(signal),
    exited: child.exited,
  };
}

function childrenOf(pid: number): readonly number[] {
  const { stdout } = Bun.spawnSync(["ps", "-axo", "pid=,ppid="]);
  return stdout
    .toString()
    .split("\n")
    .flatMap((line) => {
      const [child = 0, parent] = line.trim().split(/\s+/).map(Number);
      return parent === pid ? [child] : [];
    });
}
