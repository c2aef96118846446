// Run as a process of its own, until its standard input ends or it is killed. `hold`: says whether it got the lock, and
// keeps it. `beat`: as `hold`, and asks for it all the time. `look`: asks all the time whether anybody has it.
import { createProcessLock } from "../../src/persistence/process-lock.ts";

const [what = "", path = ""] = process.argv.slice(2);
const lock = createProcessLock(path);
let ended = false;
const end = Bun.stdin.text().then(() => {
  ended = true;
});
if (what === "hold" || what === "beat") {
  process.stdout.write(lock.tryAcquire() ? "held\n" : "refused\n");
  while (what === "beat" && !ended) {
    lock.tryAcquire();
    await Bun.sleep(1);
  }
  await end;
  lock.release();
} else {
  process.stdout.write("looking\n");
  while (!ended) {
    lock.isHeld();
    await new Promise(setImmediate);
  }
}
