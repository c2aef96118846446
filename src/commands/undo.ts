import { hostCommand } from "./command.ts";

export const undo = hostCommand(
  "undo",
  {
    name: "undo",
    args: "",
    group: "run",
    help: "take the session and its files back to before the last prompt; so does ↩️ on a prompt, to before that one",
    example: "!undo",
    inTurn: true,
  },
  ({ thread }) => thread.history.undo(),
);

export const redo = hostCommand(
  "redo",
  {
    name: "redo",
    args: "",
    group: "run",
    help: "take an undo back, one prompt at a time, while nothing was prompted since",
    example: "!redo",
    inTurn: true,
  },
  ({ thread }) => thread.history.redo(),
);
