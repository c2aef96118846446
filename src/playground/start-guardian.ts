/**
 * Starts a process that kills what has this setting in its environment, and removes a folder, once this process is
 * gone, however it ended. Call what it returns to dismiss it.
 */
export function startGuardian(setting: string, remove: string | undefined): () => void {
  const script = Bun.resolveSync("./process-guardian", import.meta.dir);
  const guardian = Bun.spawn([process.execPath, script, setting, remove ?? ""], {
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
    detached: true,
  });
  guardian.unref();
  return () => {
    guardian.stdin.write("dismissed");
    guardian.stdin.end();
  };
}
