// In the place of `ws` where a bundle runs on Node as well as on Bun.
type Sockets = typeof import("./sockets-on-node.ts");

/** Not followed by the bundler: Bun has it. */
const BUILT_IN: string = "ws";
const sockets: Sockets = await (process.versions["bun"] === undefined
  ? import("./sockets-on-node.ts")
  : import(BUILT_IN));

export default sockets.default;
