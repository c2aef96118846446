// The import rule as a table. The first row that owns a file is its layer.
import { expect, test } from "bun:test";
import { dirname, join, normalize } from "node:path";
import { Glob } from "bun";

const MODELS = "src/models/**";
const PURE = [MODELS, "src/render/**"];
const SHARED = ["src/{ports,errors}.ts"];
const DECIDE =
  "src/{message-router,thread-state,streamer-plan,edit-interval,gate,permission-answer,question-answer,reaction-handler,catch-up-plan,missed-posts}.ts";
const DECIDE_PARTS = "src/thread-state/**";
const COMMANDS = "src/commands/**";
const SERVICES =
  "src/{thread-*,response-streamer,post-writer,prompt-*,opencode-session-registry,command-*,file-handler,inbox,inbound-*,main-dm,identity,lane,retry,session-*,work-clock,custom-status,pairing,outbound-*,main-dm-*,leader-*,ownerless-*,leadership,lock-switch,ownerless-threads,conversation-*,request-*,reply-*,held-replies,stray-threads,stored-messages,post-files,turn-follower,refusals,heartbeat}.ts";
const NODE = ["node:*", "node:*/*"];

/** layer: [the files it owns, what those files may import]; "./*" means "my own folder". */
const LAYERS: Record<string, [owns: string, mayImport: string[]]> = {
  playground: ["src/playground/**", ["src/playground/**", "*", "@*/*", "@*/*/**", ...NODE]],
  models: [MODELS, ["./*", "zod"]],
  render: ["src/render/**", ["./*", MODELS, "src/thread-state/tool-call.ts"]],
  decideParts: [DECIDE_PARTS, ["./*", MODELS]],
  decide: [DECIDE, [...PURE, DECIDE, DECIDE_PARTS, "src/ports.ts", "src/response-streamer.ts"]],
  ports: ["src/{ports,errors}.ts", [MODELS]],
  commands: [COMMANDS, ["./*", ...PURE, ...SHARED]],
  services: [SERVICES, [...PURE, ...SHARED, DECIDE, SERVICES, COMMANDS]],
  bridge: ["src/bridge.ts", [...PURE, ...SHARED, DECIDE, SERVICES, COMMANDS, "node:path"]],
  gateway: [
    "src/{gateway*,owner-finder}.ts",
    [
      ...PURE,
      ...SHARED,
      DECIDE,
      SERVICES,
      COMMANDS,
      "src/bridge.ts",
      "src/config.ts",
      "src/{gateway*,owner-finder}.ts",
    ],
  ],
  axios: ["src/clients/http.ts", ["./*", MODELS, ...SHARED, "axios", "zod", ...NODE]],
  ws: ["src/clients/websocket-client.ts", ["./*", MODELS, ...SHARED, "ws", "zod", ...NODE]],
  opencode: ["src/clients/opencode-*.ts", ["./*", MODELS, ...SHARED, "zod", "@opencode-ai/sdk/v2"]],
  proxy: ["src/clients/proxy*.ts", ["proxy-from-env"]],
  clients: ["src/clients/**", ["./*", MODELS, ...SHARED, "zod", "@mattermost/types/*", ...NODE]],
  persistence: ["src/persistence/**", ["./*", MODELS, ...SHARED, "zod", "bun:sqlite", ...NODE]],
  edges: ["src/{config,system-clock}.ts", [MODELS, ...SHARED, "zod", ...NODE]],
  tools: [
    "src/tools.ts",
    [MODELS, ...SHARED, "src/bridge.ts", "@opencode-ai/plugin/tool", ...NODE],
  ],
  index: ["src/index.ts", ["src/**", "@opencode-ai/plugin", "package.json", ...NODE]],
  entry: [".opencode/plugin/**", ["src/index.ts"]],
};

const IMPORT =
  /^(?:import|export|\})[^"'\n]*\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm;
const files = ["src/**/*.ts", ".opencode/plugin/**/*.ts"].flatMap((pattern) => [
  ...new Glob(pattern).scanSync({ dot: true }),
]);
const owns = (pattern: string, path: string): boolean => new Glob(pattern).match(path);
const layerOf = (file: string) =>
  Object.entries(LAYERS).find(([, [pattern]]) => owns(pattern, file));

test("every source file belongs to a layer", () => {
  expect(files.length).toBeGreaterThan(50); // a table that matches nothing must not pass
  expect(files.filter((file) => !layerOf(file))).toEqual([]);
});

test.each(files)("%s imports only what its layer may", async (file) => {
  const [layer, [, mayImport]] = layerOf(file) ?? ["?", ["", []]];
  const source = await Bun.file(file).text();
  const violations = [...source.matchAll(IMPORT)].flatMap((found) => {
    const spec = found.slice(1).find(Boolean) ?? "";
    const target = spec.startsWith(".") ? normalize(join(dirname(file), spec)) : spec;
    const allowed = mayImport.some((p) =>
      p === "./*" ? dirname(target) === dirname(file) : owns(p, target),
    );
    return allowed ? [] : [`${layer} may not import ${target}`];
  });
  expect(violations).toEqual([]);
});
