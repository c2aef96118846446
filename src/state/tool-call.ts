import type { ToolCall } from "../models/host-event.ts";

export function isFinished(call: ToolCall): boolean {
  return call.state === "completed" || call.state === "error";
}

export function hasFailed(call: ToolCall): boolean {
  return call.state === "error" || (isFinished(call) && (call.exitCode ?? 0) !== 0);
}
