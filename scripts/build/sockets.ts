// In the place of `ws` where a bundle runs on Node as well as on Bun.
type Sockets = typeof import("./sockets-on-node.ts");

const sockets: Sockets = await (process.versions["bun"] === undefined
  ? import("./sockets-on-node.ts")
  : import("ws"));

export default sockets.default;
