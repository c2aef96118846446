import { type InboundFiles, receiveFiles, withHeard } from "../conversation/file-handler.ts";
import { type SendResult, sendPrompt, type Told } from "../conversation/prompt-sender.ts";
import { createListen, modelHears } from "../conversation/voice.ts";
import type { Post } from "../models/chat.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import { newMessageId } from "../models/message-id.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import type { ThreadGateway } from "../thread/ports.ts";
import type { ThreadManager } from "./thread-manager.ts";

const NO_FILES: InboundFiles = { files: [], paths: [], heard: [], problems: [] };

/**
 * Starts a session, with a first prompt where there is one, and the files of `from`. Its thread appears by itself. Resolves with what
 * could not be given to it, each with why.
 */
export type BeginSession = (
  prompt: string,
  from?: Post,
  settings?: PromptSettings,
) => Promise<readonly string[]>;

export function createBeginSession(deps: {
  readonly gateway: ThreadGateway;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly directory: string;
  readonly manager: Pick<ThreadManager, "found" | "entry">;
}): BeginSession {
  const { gateway, host, clock, logger, directory, manager } = deps;
  const { chat, files, maxFileBytes, hear, opensThreads } = gateway;

  async function receive(from: Post | undefined, settings: PromptSettings): Promise<InboundFiles> {
    if (!from) return NO_FILES;
    const hears = (): Promise<boolean> => modelHears(host, settings);
    const listen = createListen({ hear, directory, logger, modelHears: hears });
    return receiveFiles({ chat, files, logger, maxFileBytes, listen }, from);
  }

  return async (written, from, settings = {}) => {
    const { problems, heard, ...given } = await receive(from, settings);
    const text = withHeard(written, { heard });
    const isPrompt = text !== "" || given.files.length + given.paths.length > 0;
    const isChosen = Object.keys(settings).length > 0;
    const session = await host.create();
    if (isChosen || !opensThreads) manager.found(session);
    const entry = () => manager.entry(session.id);
    if (isChosen && !isPrompt) entry()?.choose(settings);
    if (!isPrompt) return problems;
    const about = { text, origin: "new", ...(isChosen && { settings }), ...given } as const;
    const prompt = { id: newMessageId(clock.now()), ...about };
    const told = (): Told => entry()?.runtime.state() ?? {};
    const { context } = await gateway.ready();
    const sender = { host, clock: context.clock, logger, told };
    const sent = await sendPrompt(sender, session.id, prompt);
    if (sent.kind !== "accepted") throw new Error(notSent(sent));
    return problems;
  };
}

function notSent(sent: Exclude<SendResult, { kind: "accepted" }>): string {
  if (sent.kind === "gone") return "the prompt was not sent: the session was deleted meanwhile";
  const what = sent.kind === "unsure" ? "may not have been sent" : "was not sent";
  return `the prompt ${what}: ${sent.reason}`;
}
