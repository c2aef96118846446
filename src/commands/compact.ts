import { hostCommand } from "./command.ts";

export const compact = hostCommand(
  "compact",
  {
    name: "compact",
    aliases: ["summarize"],
    args: "",
    group: "run",
    help: "sum the conversation up, so that the model's context is small again",
    example: "!compact",
    inTurn: true,
  },
  ({ thread }) => thread.work.compact(),
);
