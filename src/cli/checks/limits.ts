import { messageOf } from "../../errors.ts";
import type { ChatPort } from "../../ports.ts";
import { type Finding, found } from "../findings/finding.ts";

/** The oldest version that the bridge was tested with. */
const LEAST = "5.37";

/** What the server is, and what it allows. */
export async function checkLimits(chat: ChatPort): Promise<readonly Finding[]> {
  try {
    const { version, maxPostChars, maxFileBytes, postEditLimitSeconds } = await chat.limits();
    const facts = {
      version,
      least: LEAST,
      chars: maxPostChars,
      megabytes: Math.floor(maxFileBytes / 1024 ** 2),
      seconds: postEditLimitSeconds,
    };
    const isOld = version !== "" && version.localeCompare(LEAST, "en", { numeric: true }) < 0;
    return [
      found(isOld ? "server.old" : "server.ok", facts),
      ...(postEditLimitSeconds >= 0 ? [found("server.edits", facts)] : []),
    ];
  } catch (error) {
    return [found("server.no-answer", { reason: messageOf(error) })];
  }
}
