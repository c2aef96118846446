import type { ToolCall } from "../models/host-event.ts";

export function isFinished(call: ToolCall): boolean {
  return call.state === "completed" || call.state === "error";
}

export function hasFailed(call: ToolCall): boolean {
  if (!isFinished(call)) return false;
  return call.state === "error" || call.cut !== undefined || (call.exitCode ?? 0) !== 0;
}
