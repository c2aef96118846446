import { asChannelId, asSessionId } from "../../src/models/ids.ts";
import type { ThreadMapping } from "../../src/models/thread-mapping.ts";

/** A mapping of session `name`, with whatever the test is about. */
export function aMapping(name: string, about: Partial<ThreadMapping> = {}): ThreadMapping {
  return {
    sessionId: asSessionId(name),
    channelId: asChannelId("dm"),
    directory: "/home/alice/project",
    project: "project",
    title: `Session ${name}`,
    machineId: "machine",
    status: "active",
    createdAtMs: 1,
    updatedAtMs: 1,
    ...about,
  };
}
