import { queueListNotice, queueTakenNotice } from "../render/queue-notice.ts";
import { type Answer, threadCommand } from "./command.ts";

export const queue = threadCommand(
  {
    name: "queue",
    aliases: ["q"],
    args: "[TEXT]",
    group: "run",
    help: "prompt with TEXT when what runs is over; without TEXT, list what waits. Edit or delete the post to change it",
    example: "!queue then run the tests",
  },
  async ({ args, hasFiles = false, thread }): Promise<Answer> => {
    const takesFiles = args !== "" || hasFiles;
    if (takesFiles) await thread.queue.add();
    if (takesFiles && !thread.queue.isHeld()) return { text: "", isMarked: true, takesFiles };
    const texts = await thread.queue.texts();
    const isHeld = thread.queue.isHeld() && texts.length > 0;
    return { text: queueListNotice(texts, isHeld), takesFiles, ...(isHeld && { offers: "queue" }) };
  },
);

export const unqueue = threadCommand(
  {
    name: "unqueue",
    args: "N|all",
    group: "run",
    help: "take a prompt out of the queue, by its number in `!queue`; so does ❌ on its post",
    example: "!unqueue 2",
  },
  async ({ args, thread }) => {
    const count = thread.queue.count();
    if (count === 0) return "Nothing is queued here. `!queue TEXT` queues a prompt.";
    const places = placesIn(args, count);
    if (places === undefined) {
      const range = count === 1 ? "1" : `a number from 1 to ${count}`;
      return `Nothing was taken out: \`!unqueue\` takes ${range}, or \`all\`. \`!queue\` lists them.`;
    }
    const taken = await thread.queue.take(places);
    return queueTakenNotice(taken);
  },
);

function placesIn(args: string, count: number): readonly number[] | "all" | undefined {
  if (/^all$/i.test(args)) return "all";
  const numbers = args.split(/[\s,]+/).filter(Boolean);
  const places = numbers.map((word) =>
    /^#?\d{1,4}[.)]?$/.test(word) ? Number(word.replace(/\D/g, "")) : 0,
  );
  const isGood = places.length > 0 && places.every((place) => place >= 1 && place <= count);
  return isGood ? [...new Set(places)].map((place) => place - 1) : undefined;
}
