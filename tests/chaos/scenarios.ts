import { messages } from "./messages/messages.ts";
import type { Scenario } from "./scenario.ts";

/** Every scenario, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [messages];
