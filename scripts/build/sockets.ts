// In the place of `ws` where a bundle runs on Node as well as on Bun.
const { default: WebSocket } = await (process.versions.bun === undefined
  ? import("./sockets-on-node.ts")
  : // @ts-expect-error the build gives it its real name, which only Bun knows by itself
    import("bun:ws"));

export default WebSocket;
