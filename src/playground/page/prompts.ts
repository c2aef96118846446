/** What the page offers at a first visit. Each begins with a word that the scripted model knows; any other model understands them, too. */
export const PROMPTS = [
  { text: "code a median function in TypeScript", shows: "an answer that streams in" },
  { text: "bash npm test", shows: "a command that needs your OK" },
  { text: "ask me which way to go", shows: "a question to tap an answer to" },
] as const;
