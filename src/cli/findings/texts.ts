import { MACHINE_TEXTS } from "./machine-texts.ts";
import { SERVER_TEXTS } from "./server-texts.ts";

/** Every text of a check. Where there is a fix, it is a problem. */
export const TEXTS = { ...SERVER_TEXTS, ...MACHINE_TEXTS };
