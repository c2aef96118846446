import { fileURLToPath } from "node:url";
import type { BunPlugin } from "bun";

interface Bundle {
  readonly entries: readonly string[];
  readonly out: string;
  /** Of the one file that comes out; without it, as the entries are named. */
  readonly name?: string;
  /** What runs it. `node`: Node or Bun, whichever it is started with. */
  readonly target: "bun" | "node";
  readonly banner?: string;
}

/**
 * What a bundle for Node needs beside. Bun has a `ws` of its own under that name, and the package of that name does not work there; Node needs the package. So the
 * choice is made when the bundle runs.
 */
const forNode: BunPlugin = {
  name: "for Node",
  setup(build) {
    const chooser = fileURLToPath(new URL("./sockets.ts", import.meta.url));
    build.onResolve({ filter: /^ws$/ }, ({ importer }) => {
      if (importer.endsWith("websocket-client.ts")) return { path: chooser };
      // Bun has it.
      if (importer === chooser) return { path: "ws", external: true };
      return undefined;
    });
    // Its main file asks for its parts in a way that no bundler follows.
    build.onResolve({ filter: /^jsonc-parser$/ }, () => ({
      path: fileURLToPath(import.meta.resolve("jsonc-parser/lib/esm/main.js")),
    }));
  },
};

/** Bundles with all dependencies inside; resolves with the names of the packages that are in it. */
export async function bundle(wanted: Bundle): Promise<readonly string[]> {
  const { entries, out, name, target, banner } = wanted;
  const isForBun = target === "bun";
  const result = await Bun.build({
    entrypoints: [...entries],
    outdir: out,
    target,
    format: "esm",
    external: isForBun ? ["ws"] : [],
    plugins: isForBun ? [] : [forNode],
    // Names stay, so that what goes wrong can be told.
    minify: { whitespace: true, syntax: true },
    metafile: true,
    ...(name === undefined ? {} : { naming: name }),
    ...(banner === undefined ? {} : { banner }),
  });
  const inputs = Object.keys(result.metafile?.inputs ?? {});
  return inputs.flatMap((path) => packageOf(path) ?? []);
}

/** The folder of the package that a file belongs to: the innermost one where several have the same name. */
const packageOf = (path: string): string | undefined =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
