import { type Answer, threadCommand } from "./command.ts";

export const retry = threadCommand(
  {
    name: "retry",
    args: "",
    group: "run",
    help: "run the last prompt again; so does 🔁 on a prompt or its answer, for that one",
    example: "!retry",
    inTurn: true,
  },
  async ({ thread }): Promise<Answer> => {
    const text = await thread.history.retry();
    return text === "" ? { text, isMarked: true } : { text };
  },
);
