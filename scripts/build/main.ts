// `npm run build`: everything of the package that is not in the repository, in `dist/`.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { licensesOf } from "./licenses.ts";
import { pluginTypes } from "./plugin-types.ts";

const OUT = "dist";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);

const plugin = await bundle({
  entries: ["src/index.ts"],
  out: OUT,
  name: "plugin.js",
  target: "bun",
});
const cli = await bundle({
  entries: ["src/cli/main.ts"],
  out: OUT,
  name: "cli.js",
  target: "node",
  banner: "#!/usr/bin/env node",
});
const playground = await bundle({
  entries: ["src/playground/main.ts", "src/playground/process-guardian.ts"],
  out: `${OUT}/playground`,
  target: "bun",
});

chmodSync(`${OUT}/cli.js`, 0o755);
writeFileSync(`${OUT}/index.d.ts`, pluginTypes());
const packages = new Set([...plugin, ...cli, ...playground]);
writeFileSync(`${OUT}/THIRD-PARTY-LICENSES.txt`, licensesOf(packages));
const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
console.log(`Built ${name} ${version} with ${packages.size} packages inside.`);
