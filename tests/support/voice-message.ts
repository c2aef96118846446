import { readFileSync } from "node:fs";

/** Somebody says "Open retry dot T S": made by espeak-ng, 8 kHz. */
export const OPEN_RETRY = new Uint8Array(
  readFileSync(new URL("../fixtures/voice/open-retry.wav", import.meta.url)),
);

/** As long as a signature: enough to be taken for a sound. */
export const SHORT_WAV = OPEN_RETRY.slice(0, 60);
