import type { Logger } from "../../src/ports.ts";

export interface RecordingLogger extends Logger {
  readonly lines: { readonly level: keyof Logger; readonly message: string }[];
}

export function createRecordingLogger(): RecordingLogger {
  const lines: RecordingLogger["lines"] = [];
  const at = (level: keyof Logger) => (message: string) => void lines.push({ level, message });
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
