// What the agent is told about files that are too large to be sent.
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTools } from "../../../src/bridge/tools.ts";
import type { ToolCallPlace } from "../../../src/models/agent-tool.ts";
import { createRedactor } from "../../../src/models/redaction.ts";
import { createStreet } from "../../support/several-gateways.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const OPTION_BYTES = 1_000_000;

/** The tools of a session whose thread is open, on a server that takes files of so many bytes. */
async function createAgent(directory: string, serverBytes: number) {
  const street = createStreet({ limits: { maxFileBytes: serverBytes } });
  const only = street.process("only");
  await only.up();
  const { session, rootId } = await only.open();
  const tools = createTools(only.bridge, () => false, createRedactor([]));
  const tool = tools.find(({ name }) => name === "mattermost_send_file");
  if (!tool) throw new Error("There is no tool to send files.");
  const asked: string[] = [];
  const place: ToolCallPlace = {
    sessionId: session.id,
    directory,
    worktree: directory,
    ask: async ({ permission }) => void asked.push(permission),
  };
  return {
    ...street,
    asked,
    async send(sizeBytes: number) {
      writeFileSync(join(directory, "a.bin"), new Uint8Array(sizeBytes));
      return tool.execute({ path: "a.bin" }, place);
    },
    files: () => street.chat.posts().filter((post) => post.rootId === rootId && post.files.length),
  };
}

describe("a file that is too large is not sent, and the agent is told how large one may be", () => {
  test.each([
    ["Mattermost's limit is the smaller one", 1_000, 1_000],
    ["the owner's setting is the smaller one", 5_000_000, OPTION_BYTES],
  ])("%s", async (_, serverBytes, limit) => {
    using folder = temporaryFolder();
    const { asked, send, files } = await createAgent(folder.path, serverBytes);
    expect(await send(limit + 1)).toBe(
      `Not sent: a.bin has ${limit + 1} bytes, at most ${limit} can be sent.`,
    );
    expect(asked).toEqual([]);
    expect(files()).toEqual([]);
    expect(await send(limit)).toBe("Sent a.bin to the user.");
    expect(files()).toHaveLength(1);
  });
});
