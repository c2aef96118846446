// What OpenCode loads: of a package the bundle, in a checkout the source. A folder needs this file at its root for OpenCode 2.
import { existsSync } from "node:fs";

const source = new URL("./src/index.ts", import.meta.url);
const bundle = new URL("./dist/plugin.js", import.meta.url);

/** @type {{ default: import("./src/index.ts")["default"] }} */
const { default: plugin } = await import((existsSync(source) ? source : bundle).href);

export default plugin;
