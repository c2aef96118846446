import type { OpenCodeProgram } from "../../../src/playground/opencode-binary.ts";
import type { OpenCodeOptions, OpenCodeProcess } from "../../../src/playground/opencode-process.ts";

/** An OpenCode that the plugin is for. The same tests run on each; what differs between them stands here. */
export interface Host {
  readonly name: string;
  /** `undefined` where it cannot be had. */
  program(): OpenCodeProgram | undefined;
  start(options: HostOptions): Promise<HostProcess>;
  /** What it calls its tool that runs commands, and the permission for it. */
  readonly shell: string;
  /** The call that starts a sub-agent. */
  subAgent(description: string, prompt: string): { readonly tool: string; readonly args: object };
  /** The settings without which its sub-agents may not start sub-agents of their own. */
  readonly nesting: Readonly<Record<string, unknown>>;
  /** Until when a request is open at least, as its post says it; nothing where it waits for ever. */
  readonly openUntil: RegExp;
}

export interface HostOptions extends Omit<OpenCodeOptions, "program"> {
  /** Runs beside the one that everything of this user goes to, where its kind has such a one. */
  readonly beside?: boolean;
}

export interface HostProcess extends Omit<OpenCodeProcess, "client" | "url"> {
  /** This OpenCode by its own API, in one directory: what somebody does at its screen. */
  client(directory?: string): HostClient;
  /** What the plugin has written to its log at these levels, in order. */
  logged(...levels: readonly string[]): readonly string[];
}

export interface HostClient {
  /** Opens the directory where nobody has yet, and makes a session there. */
  newSession(title?: string): Promise<string>;
  /** Resolves with the answer's text when the turn is over. */
  prompt(session: string, text: string): Promise<string>;
  /** Resolves when OpenCode has taken the prompt. */
  send(session: string, text: string): Promise<void>;
  /** Opens the directory, so that the plugin serves it. */
  open(): Promise<void>;
  /** The ids of the directory's sessions. */
  sessions(): Promise<readonly string[]>;
  /** What is stored of a session, oldest first. */
  messages(session: string): Promise<readonly Message[]>;
  remove(session: string): Promise<void>;
  /** The ids of the requests for a permission that wait. */
  permissions(session: string): Promise<readonly string[]>;
  allow(session: string, request: string): Promise<void>;
  /** One list of labels a question. */
  answer(session: string, request: string, answers: readonly string[][]): Promise<void>;
}

export interface Message {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly createdMs: number;
  /** The post that a prompt came from. */
  readonly postId?: string;
  /** The prompt that an answer belongs to. */
  readonly parentId?: string;
  /** Completed, and without an error. */
  readonly finished: boolean;
}
