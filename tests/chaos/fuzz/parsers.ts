import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFrameOrder } from "../../../src/clients/mattermost/frame-order.ts";
import { readFrame } from "../../../src/clients/mattermost/socket-frames.ts";
import { parseHostEvent } from "../../../src/clients/opencode/opencode-events.ts";
import { COMMANDS } from "../../../src/commands/index.ts";
import { routeMessage } from "../../../src/commands/message-router.ts";
import { loadConfig } from "../../../src/config.ts";
import { messageOf } from "../../../src/errors.ts";
import { asSessionId } from "../../../src/models/ids.ts";
import { createThreadMappingStore } from "../../../src/persistence/thread-mapping-store.ts";
import { aMapping } from "../../support/mappings.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import type { Random } from "../random.ts";
import { mutated, oddText } from "./mutate.ts";
import { command, FRAMES, HOST_EVENTS, MAPPINGS, OPTIONS } from "./samples.ts";

/** Throws `count` malformed things at every parser; returns what went wrong. */
export async function fuzzParsers(count: number, random: Random): Promise<readonly string[]> {
  const wrong: string[] = [];
  const attempt = (what: string, input: unknown, run: () => void): void => {
    try {
      run();
    } catch (error) {
      wrong.push(
        `${what} threw ${messageOf(error)} for ${String(JSON.stringify(input)).slice(0, 200)}`,
      );
    }
  };
  const order = createFrameOrder();
  for (let at = 0; at < count; at++) {
    const text = frameText(random);
    attempt("a frame", text, () => void order.take(readFrame(text)));
    const event = mutated(random.pick(HOST_EVENTS), random);
    attempt("an event of OpenCode", event, () => void parseHostEvent(event));
    const words = random.chance(0.5) ? command(random) : String(mutated(command(random), random));
    attempt("a message", words, () => {
      routeMessage(words, { place: "main" }, COMMANDS);
      routeMessage(words, { place: "thread", status: "active" }, COMMANDS);
      routeMessage(words, { place: "thread", status: "unknown" }, COMMANDS);
    });
    const options = mutated(OPTIONS, random);
    attempt("options", options, () => {
      const result = loadConfig(
        options,
        random.chance(0.5) ? { MATTERMOST_TOKEN: oddText(random) } : {},
      );
      const said = result.kind === "wrong" ? result.problems.join(" ") : "";
      if (said.includes(OPTIONS.token)) wrong.push(`the token is told: ${said.slice(0, 200)}`);
    });
  }
  return [...wrong, ...(await fuzzMappings(count, random))];
}

function frameText(random: Random): string {
  const frame = mutated(random.pick(FRAMES), random);
  const text = JSON.stringify(frame) ?? "";
  return random.chance(0.2) ? String(mutated(text, random)) : text;
}

/** Whatever is in the file: it can be read, it can be written, and what is written is there. */
async function fuzzMappings(count: number, random: Random): Promise<readonly string[]> {
  using folder = temporaryFolder();
  const wrong: string[] = [];
  for (let at = 0; at < count; at++) {
    const path = join(folder.path, `${at}`, "mattermost-threads.json");
    const store = createThreadMappingStore({
      path,
      logger: createRecordingLogger(),
      now: () => Date.now(),
    });
    const text = JSON.stringify(mutated(MAPPINGS, random)) ?? "";
    const spoilt = random.chance(0.2) ? text.slice(0, random.between(0, text.length)) : text;
    const isNewer = /"version":\s*[2-9]/.test(spoilt) || /"version":\s*\d\d/.test(spoilt);
    try {
      await store.update(asSessionId("ses_first"), () => aMapping("ses_first"));
      writeFileSync(path, spoilt);
      await store.load();
      await store.update(asSessionId("ses_new"), () => aMapping("ses_new"));
      const stored = await store.load();
      if (!stored.some(({ sessionId }) => sessionId === "ses_new")) {
        wrong.push(`a new mapping was not kept beside ${spoilt.slice(0, 200)}`);
      }
    } catch (error) {
      if (!isNewer) wrong.push(`mappings: ${messageOf(error)} for ${spoilt.slice(0, 200)}`);
    }
    rmSync(join(folder.path, `${at}`), { recursive: true, force: true });
  }
  return wrong;
}
