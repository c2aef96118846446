// Installs the pinned dependencies when a fresh clone has none, or when the lock file is newer than what is installed.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const installed = "node_modules/.package-lock.json";
const upToDate =
  existsSync(installed) && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs;
if (!upToDate) {
  console.log("Installing the pinned dependencies (once) …");
  // npm is a script on Windows, and scripts need a shell there.
  const options = { stdio: "inherit", shell: process.platform === "win32" };
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], options);
  if (status !== 0) {
    console.error(
      'The dependencies were not installed. What npm says above is why; then "npm ci".',
    );
    process.exitCode = status ?? 1;
  }
}
