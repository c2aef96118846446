import type { PermissionReply } from "../models/host-event.ts";
import type { Command } from "./command.ts";

/** `!yes`, `!always`, `!no REASON`: the answer to the permission that waits. */
const answer = (name: string, reply: PermissionReply, args: string, help: string): Command => ({
  name,
  where: ["thread"],
  args,
  help,
  async run({ args: reason, thread, writtenMs }) {
    const given = reply === "reject" && reason !== "" ? { reply, reason } : { reply };
    const result = await thread?.answerPermission(given, writtenMs);
    if (result === "taken") return "";
    return result === undefined || result === "not-an-answer"
      ? "Nothing waits for an answer here."
      : result;
  },
});

export const yes = answer("yes", "once", "", "allow what waits, this once");
export const always = answer("always", "always", "", "allow it from now on");
export const no = answer("no", "reject", "[REASON]", "deny it; the model is told the reason");
