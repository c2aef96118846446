import { confirm, isCancel, password, text } from "@clack/prompts";

/** Asks the person at the terminal. `undefined`: the question was cancelled. */
export interface Prompter {
  text(question: string, initial: string | undefined): Promise<string | undefined>;
  /** What is typed is not shown. */
  secret(question: string): Promise<string | undefined>;
  confirm(question: string): Promise<boolean | undefined>;
}

export const terminalPrompter: Prompter = {
  async text(message, initial) {
    const answer = await text({ message, ...(initial !== undefined && { initialValue: initial }) });
    return isCancel(answer) ? undefined : answer;
  },
  async secret(message) {
    const answer = await password({ message });
    return isCancel(answer) ? undefined : answer;
  },
  async confirm(message) {
    const answer = await confirm({ message });
    return isCancel(answer) ? undefined : answer;
  },
};
