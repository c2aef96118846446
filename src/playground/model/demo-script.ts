import { failures } from "./failures.ts";
import type { Reply } from "./reply.ts";
import type { Answer, ModelCall, Script } from "./script.ts";

const TABLE = `Here is how the three compare:

| store | reads/s | writes/s | on disk |
|---|---:|---:|---|
| SQLite | 120,000 | 4,200 | one file |
| LMDB | 900,000 | 31,000 | one folder |
| Postgres | 38,000 | 9,800 | a server |

LMDB reads fastest; \`SQLite\` is the easiest to back up.`;

const CODE = `This does it:

\`\`\`ts
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : mean(sorted.slice(middle - 1, middle + 1));
}
\`\`\`

An empty list has no median, so the answer is \`undefined\` then.`;

const PARAGRAPH =
  "The lane keeps what happens in one conversation in order, so that an answer never overtakes its question. ";
const section = (number: number): string => `## Part ${number}\n\n${PARAGRAPH.repeat(6)}\n\n`;
const LONG = Array.from({ length: 30 }, (_, index) => section(index + 1)).join("");

const wordsAfterFirst = ({ userText }: ModelCall): string => userText.replace(/^\S+\s*/, "").trim();

const thenSay =
  (tool: string, args: (rest: string) => unknown, closing: string): Answer =>
  (call, step): Reply =>
    step === 0 ? [{ tool, args: args(wordsAfterFirst(call)) }] : [{ text: closing }];

const question = {
  question: "Which one shall I take?",
  header: "Choice",
  options: [
    { label: "The quick one", description: "Done today, to be tidied later" },
    { label: "The thorough one", description: "Takes until tomorrow" },
  ],
};

const todo = (content: string, status: string) => ({ content, status, priority: "medium" });

interface DemoEntry {
  readonly word: string;
  readonly shows: string;
  readonly answer: Answer;
}

const DEMO: readonly DemoEntry[] = [
  { word: "table", shows: "a table", answer: [[{ text: TABLE }]] },
  { word: "code", shows: "a code block", answer: [[{ text: CODE }]] },
  {
    word: "bash",
    shows: "a command that runs: bash ls -la",
    answer: thenSay(
      "bash",
      (rest) => ({ command: rest || "git log --oneline | head -5", description: "Run it" }),
      "The command has run.",
    ),
  },
  {
    word: "write",
    shows: "a new file: write notes.md",
    answer: thenSay(
      "write",
      (rest) => ({ filePath: rest || "notes.md", content: "# Notes\n\nWritten by the demo.\n" }),
      "The file is there.",
    ),
  },
  {
    word: "ask",
    shows: "a question with options",
    answer: thenSay("question", () => ({ questions: [question] }), "Good, that is what I do."),
  },
  {
    word: "todo",
    shows: "a to-do list",
    answer: [
      [
        {
          tool: "todowrite",
          args: { todos: [todo("Look", "in_progress"), todo("Do", "pending")] },
        },
      ],
      [
        {
          tool: "todowrite",
          args: { todos: [todo("Look", "completed"), todo("Do", "completed")] },
        },
      ],
      [{ text: "Both are done." }],
    ],
  },
  {
    word: "think",
    shows: "reasoning before the answer",
    answer: [
      [
        { reasoning: "The question has two halves. The first one decides the second. So: yes." },
        { text: "Yes – the first half decides it." },
      ],
    ],
  },
  { word: "long", shows: "an answer longer than one post", answer: [[{ text: LONG }]] },
  {
    word: "error",
    shows: "a server error, twice, then an answer",
    answer: [[{ error: failures.serverError(2) }, { text: "Here again after two errors." }]],
  },
  {
    word: "limit",
    shows: "a rate limit of five seconds",
    answer: [[{ error: failures.rateLimited(5, 1) }, { text: "The limit is over." }]],
  },
  { word: "key", shows: "a refused API key", answer: [[{ error: failures.unauthorized() }]] },
];

const HELP = `I am a scripted model. Begin a prompt with one of these words:\n\n${DEMO.map(
  ({ word, shows }) => `- **${word}** – ${shows}`,
).join("\n")}`;

/** Something to type into the playground: the first word of a prompt chooses what is shown. */
export function loadDemo(script: Pick<Script, "on" | "otherwise">): void {
  for (const { word, answer } of DEMO) script.on(new RegExp(`^"?${word}\\b`, "i"), answer);
  script.otherwise([[{ text: HELP }]]);
}
