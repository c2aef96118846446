import { fuzz } from "./fuzz/fuzz.ts";
import { heap } from "./heap.ts";
import { mappings } from "./mappings.ts";
import { messages } from "./messages/messages.ts";
import { outage } from "./outage.ts";
import type { Scenario } from "./scenario.ts";
import { strangers } from "./strangers.ts";

/** Every scenario, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [messages, strangers, outage, mappings, heap, fuzz];
