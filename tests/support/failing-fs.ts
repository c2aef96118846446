import * as nodeFs from "node:fs/promises";
import type { WritingFs } from "../../src/persistence/atomic-file.ts";

export type WritingStep = "open" | "write" | "sync" | "rename" | "open folder" | "sync folder";

/** The real file system, but for one step that fails as the system would say it. */
export function failingFs(step: WritingStep, code: string): WritingFs {
  const failAt = (name: WritingStep): void => {
    if (name === step) throw Object.assign(new Error(`${code}: simulated, ${name}`), { code });
  };
  return {
    async open(path, flags, mode) {
      const isFolder = flags === "r";
      failAt(isFolder ? "open folder" : "open");
      const handle = await nodeFs.open(path, flags, mode);
      return {
        async writeFile(text) {
          // A full disk takes the beginning.
          if (step === "write") await handle.writeFile(text.slice(0, text.length / 2));
          failAt("write");
          await handle.writeFile(text);
        },
        async sync() {
          failAt(isFolder ? "sync folder" : "sync");
          await handle.sync();
        },
        close: () => handle.close(),
      };
    },
    async rename(from, to) {
      failAt("rename");
      await nodeFs.rename(from, to);
    },
    unlink: nodeFs.unlink,
  };
}
