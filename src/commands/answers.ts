import type { PermissionReply } from "../models/host-event.ts";
import { type Command, threadCommand } from "./command.ts";

/** `!yes`, `!always`, `!no REASON`: the answer to the permission that waits. */
const answer = (
  reply: PermissionReply,
  about: Pick<Command, "name" | "args" | "help" | "example">,
): Command =>
  threadCommand(
    { ...about, group: "answer", atOnce: true },
    async ({ args: reason, thread, writtenMs }) => {
      const given = reply === "reject" && reason !== "" ? { reply, reason } : { reply };
      const result = await thread.answerPermission(given, writtenMs);
      if (result === "taken") return "";
      return result === "not-an-answer" ? "Nothing waits for an answer here." : result;
    },
  );

export const yes = answer("once", {
  name: "yes",
  args: "",
  help: "allow what waits, this once",
  example: "!yes",
});
export const always = answer("always", {
  name: "always",
  args: "",
  help: "allow it from now on",
  example: "!always",
});
export const no = answer("reject", {
  name: "no",
  args: "[REASON]",
  help: "deny it; the model is told the reason",
  example: "!no use a branch of its own",
});
