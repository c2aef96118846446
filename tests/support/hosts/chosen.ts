import type { Host } from "./host.ts";
import { OPENCODE_1 } from "./opencode-1.ts";
import { OPENCODE_2 } from "./opencode-2.ts";

/** The OpenCode that the tests of this process run on: `TEST_HOST=opencode-2` chooses the other one. */
export const HOST: Host = process.env["TEST_HOST"] === "opencode-2" ? OPENCODE_2 : OPENCODE_1;
