import type { Look } from "../../clients/mattermost/http.ts";
import { ChatError, messageOf } from "../../errors.ts";
import type { User } from "../../models/chat.ts";
import type { ChatPort } from "../../ports.ts";
import { type Finding, found } from "../findings/finding.ts";

export type TokenAnswer =
  | { readonly kind: "bot"; readonly me: User; readonly finding: Finding }
  | { readonly kind: "problem"; readonly finding: Finding };

/** Whose token it is. `lookAtSettings` reads what the server tells everybody of itself. */
export async function checkToken(
  chat: ChatPort,
  lookAtSettings: () => Promise<Look>,
): Promise<TokenAnswer> {
  const problem = (finding: Finding): TokenAnswer => ({ kind: "problem", finding });
  try {
    const me = await chat.me();
    if (me.isBot) return { kind: "bot", me, finding: found("token.ok", { bot: me.username }) };
    if (!(await botsAreAllowed(lookAtSettings))) return problem(found("bots.off"));
    return problem(found("token.person", { user: me.username }));
  } catch (error) {
    const isRefused = error instanceof ChatError && error.kind === "unauthorized";
    if (!isRefused) return problem(found("token.no-answer", { reason: messageOf(error) }));
    if (!(await botsAreAllowed(lookAtSettings))) return problem(found("bots.off"));
    return problem(found("token.refused"));
  }
}

/** A bot that is there works all the same; but no new one can be made. */
async function botsAreAllowed(lookAtSettings: () => Promise<Look>): Promise<boolean> {
  const look = await lookAtSettings();
  return look.kind === "silence" || !/"EnableBotAccountCreation":\s*"false"/.test(look.body);
}
