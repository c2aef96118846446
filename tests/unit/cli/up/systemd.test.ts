import { expect, test } from "bun:test";
import { systemdUnit } from "../../../../src/cli/up/systemd.ts";

const unit = (command: readonly string[], directories = ["/home/ann/api"]): string =>
  systemdUnit({ command, directories, path: "/usr/bin:/opt/100%/bin" });

test("starts the command from every boot on, and again when it ends", () => {
  const text = unit(["/usr/bin/node", "/opt/cli.js", "up", "/home/ann/api"]);
  expect(text).toContain('ExecStart="/usr/bin/node" "/opt/cli.js" "up" "/home/ann/api"\n');
  expect(text).toContain("Restart=always\n");
  expect(text).toContain("WantedBy=default.target\n");
  expect(text).toContain('Environment="PATH=/usr/bin:/opt/100%%/bin"\n');
});

test.each([
  ["/a dir", '"/a dir"'],
  ["/50%", '"/50%%"'],
  ["/$HOME", '"/$$HOME"'],
  ['/say "hi"', '"/say \\"hi\\""'],
  ["/back\\slash", '"/back\\\\slash"'],
  ["/two\nExecStart=evil", '"/two\\nExecStart=evil"'],
])("%j is one word, whatever it holds", (directory, word) => {
  const text = unit(["up", directory], [directory]);
  expect(text).toContain(`ExecStart="up" ${word}\n`);
  expect(text.match(/^ExecStart=/gm)).toHaveLength(1);
});
