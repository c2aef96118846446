import { createScreen } from "./terminal-screen.ts";

export interface Setting {
  readonly cwd: string;
  readonly env: Record<string, string>;
}

export interface SpawnedProcess {
  readonly pid: number;
  /** Settles when it has ended and all it printed has been read; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  output(): string;
  /** The text on its screen; empty without a terminal. */
  screen(): string;
  type(keys: string): void;
  kill(signal: NodeJS.Signals): void;
}

const COLUMNS = 120;
const ROWS = 40;

/** A process in a group of its own, without a terminal. */
export function spawnPiped(command: string[], setting: Setting): SpawnedProcess {
  const child = Bun.spawn(command, {
    ...setting,
    detached: true,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let output = "";
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) output += decoder.decode(bytes, { stream: true });
  };
  const reading = [read(child.stdout), read(child.stderr)];
  return {
    pid: child.pid,
    exited: child.exited.then(async () => {
      // Tools that outlive it may hold the pipes open: what it printed itself has arrived within this time.
      await Promise.race([Promise.all(reading), Bun.sleep(200)]);
      return child.exitCode;
    }),
    output: () => output,
    screen: () => "",
    type() {
      throw new Error('Only mode "tui" has a keyboard.');
    },
    kill: (signal) => child.kill(signal),
  };
}

/** A process in a pseudo-terminal, and so in a session of its own. */
export function spawnInTerminal(command: string[], setting: Setting): SpawnedProcess {
  const screen = createScreen(COLUMNS, ROWS);
  const decoder = new TextDecoder();
  let output = "";
  const child = Bun.spawn(command, {
    ...setting,
    terminal: {
      cols: COLUMNS,
      rows: ROWS,
      data(terminal, bytes) {
        const text = decoder.decode(bytes, { stream: true });
        output += text;
        const answer = screen.write(text);
        if (answer !== "") terminal.write(answer);
      },
    },
  });
  return {
    pid: child.pid,
    exited: child.exited.then(() => {
      child.terminal?.close();
      return child.exitCode;
    }),
    output: () => output,
    screen: screen.text,
    type: (keys) => void child.terminal?.write(keys),
    kill: (signal) => child.kill(signal),
  };
}
