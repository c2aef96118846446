import { checklist } from "../render/checklist.ts";
import { hostCommand } from "./command.ts";

const MOST_CHARS = 4_000;

export const todo = hostCommand(
  "todos",
  {
    name: "todo",
    aliases: ["todos"],
    args: "",
    group: "look",
    help: "what the agent has on its list",
    example: "!todo",
  },
  async ({ thread }, read) => {
    const todos = await read(thread.sessionId);
    return todos.length === 0
      ? "The agent has no list of things to do here."
      : checklist(todos, MOST_CHARS);
  },
);
