import type { HostProcess } from "./hosts/host.ts";

/** Types a prompt into OpenCode's screen and sends it. */
export async function typed(opencode: HostProcess, text: string): Promise<void> {
  opencode.type(text);
  const untilMs = Date.now() + 30_000;
  while (!opencode.screen().includes(text)) {
    if (Date.now() > untilMs) throw new Error(`"${text}" never showed on the screen.`);
    await Bun.sleep(10);
  }
  opencode.type("\r");
}
