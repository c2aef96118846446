// Run as a process of its own: outlives the one that started it, however that one ends, and cleans up behind it.
import { rmSync } from "node:fs";
import { killProcessesWith } from "./process-cleanup.ts";

const [setting = "", remove = ""] = process.argv.slice(2);
const farewell = await Bun.stdin.text(); // settles when the other end of the pipe is closed, by whatever
if (setting !== "" && farewell === "") {
  killProcessesWith(setting);
  if (remove !== "") rmSync(remove, { recursive: true, force: true, maxRetries: 3 });
}
