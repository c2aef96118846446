import { lookAt } from "../../clients/mattermost/http.ts";
import { createMattermostClient } from "../../clients/mattermost/mattermost-client.ts";
import { proxyFor } from "../../clients/mattermost/proxy.ts";
import { createRateBudget } from "../../clients/mattermost/rate-budget.ts";
import type { User } from "../../models/chat.ts";
import type { ChannelId } from "../../models/ids.ts";
import type { ChatPort } from "../../ports.ts";
import { waitingClock } from "../../timing/waiting-clock.ts";
import { type Finding, found, isProblem } from "../findings/finding.ts";
import { connectTo } from "./connect-to.ts";
import { checkLimits } from "./limits.ts";
import { checkOwner, type OwnerAnswer } from "./owner.ts";
import { checkReach } from "./reach.ts";
import { checkSocket, withoutCredentials } from "./socket.ts";
import { checkToken, type TokenAnswer } from "./token.ts";

/** The questions to one server, each to be asked when what it needs is known. None rejects. */
export interface ServerChecks {
  /** Without a token: the others come after it. */
  reach(): Promise<Finding>;
  token(token: string): Promise<TokenAnswer>;
  owner(token: string, me: User, owner: string): Promise<OwnerAnswer>;
  socket(token: string): Promise<Finding>;
  limits(token: string): Promise<readonly Finding[]>;
  /** The server, as the bot. */
  as(token: string): ChatPort;
}

const WITHIN_MS = 15_000;
/** What a header can carry. */
const USABLE_TOKEN = /^[!-~]+$/;

/** `url`: as `checkAddress` answers it. Each request may take `withinMs`. */
export function createServerChecks(url: string, withinMs = WITHIN_MS): ServerChecks {
  const budget = createRateBudget({ clock: waitingClock, perSecond: 8, burst: 16 });
  const proxy = proxyFor(url);
  const looking = {
    lookAt: (address: string) => lookAt(address, withinMs),
    connectTo: (hostname: string, port: number) => connectTo(hostname, port, withinMs),
    proxy: proxy && withoutCredentials(proxy),
    withinMs,
  };
  const as = (token: string): ChatPort =>
    createMattermostClient({ baseUrl: url, token, budget, withinMs });
  return {
    reach: () => checkReach(url, looking),
    async token(token) {
      if (token === "") return { kind: "problem", finding: found("token.none") };
      if (!USABLE_TOKEN.test(token)) return { kind: "problem", finding: found("token.wrong") };
      return checkToken(as(token), () => looking.lookAt(`${url}/api/v4/config/client?format=old`));
    },
    owner: (token, me, owner) => checkOwner(as(token), me, owner),
    socket: (token) => checkSocket({ url, token, proxy, withinMs }),
    limits: (token) => checkLimits(as(token)),
    as,
  };
}

/** What is known when the bridge can work. */
export interface Ready {
  readonly me: User;
  /** The direct messages with the owner; absent where none is named. */
  readonly channelId: ChannelId | undefined;
}

/**
 * Everything in one go, each finding told as it comes. Stops where the rest could not be asked. Resolves with what is known
 * where there was no problem. Without an owner the bridge pairs.
 */
export async function checkServer(
  checks: ServerChecks,
  { token, owner }: { readonly token: string; readonly owner: string | undefined },
  tell: (finding: Finding) => void,
): Promise<Ready | undefined> {
  let isReady = true;
  const told = (finding: Finding): boolean => {
    tell(finding);
    isReady &&= !isProblem(finding);
    return !isProblem(finding);
  };
  if (!told(await checks.reach())) return undefined;
  const known = await checks.token(token);
  told(known.finding);
  if (known.kind === "problem") return undefined;
  const { me } = known;
  const named = owner === undefined ? undefined : await checks.owner(token, me, owner);
  told(named?.finding ?? found("owner.pairing"));
  told(await checks.socket(token));
  for (const finding of await checks.limits(token)) told(finding);
  const channelId = named?.kind === "reachable" ? named.channelId : undefined;
  return isReady ? { me, channelId } : undefined;
}
