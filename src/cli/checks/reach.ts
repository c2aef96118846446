import type { Look } from "../../clients/mattermost/http.ts";
import { type Finding, found, type Says } from "../findings/finding.ts";

/** How an address is looked at; the proxy that the environment names for it, without its credentials. */
export interface Looking {
  lookAt(address: string): Promise<Look>;
  /** Only opens a connection: the code of what went wrong, or an empty one. */
  connectTo(hostname: string, port: number): Promise<string>;
  readonly proxy: string | undefined;
  readonly withinMs: number;
}

const PING = "/api/v4/system/ping";

/** Whether Mattermost answers there, asked without a token: whoever else it is must not have it. */
export async function checkReach(url: string, looking: Looking): Promise<Finding> {
  const look = await looking.lookAt(`${url}${PING}`);
  if (isMattermost(look)) return found("reach.ok", { url });
  const better = await betterAddress(url, looking);
  if (better !== undefined) {
    const says = new URL(better).protocol === new URL(url).protocol ? "path" : "http-for-https";
    return found(`reach.${says}`, { url, better, host: new URL(url).host });
  }
  return look.kind === "silence" ? await silence(url, look, looking) : answer(url, look, looking);
}

function isMattermost(look: Look): boolean {
  if (look.kind === "silence" || look.status !== 200) return false;
  try {
    const said: unknown = JSON.parse(look.body);
    return typeof said === "object" && said !== null && "status" in said;
  } catch {
    return false;
  }
}

/** Where Mattermost does answer: a shorter path of a page's address that was copied whole, or the same with https. */
async function betterAddress(url: string, { lookAt }: Looking): Promise<string | undefined> {
  const { protocol, origin, pathname } = new URL(url);
  const folders = pathname.split("/").filter((part) => part !== "");
  const shorter = folders.map((_part, at) => [origin, ...folders.slice(0, at)].join("/")).reverse();
  for (const candidate of shorter) {
    if (isMattermost(await lookAt(`${candidate}${PING}`))) return candidate;
  }
  if (protocol !== "http:") return undefined;
  const secure = url.replace(/^http:/, "https:");
  const look = await lookAt(`${secure}${PING}`);
  const speaksTls = look.kind === "answer" || CERTIFICATE.some(([codes]) => codes.test(look.code));
  return speaksTls ? secure : undefined;
}

/** What is wrong with a certificate, in the words of OpenSSL, Node and Bun. */
const CERTIFICATE: readonly (readonly [RegExp, Says])[] = [
  [/SELF_SIGNED/, "tls.self-signed"],
  [/UNABLE_TO_(?:VERIFY|GET_ISSUER)|UNKNOWN_CA/, "tls.unknown-issuer"],
  [/EXPIRED|NOT_YET_VALID/, "tls.expired"],
  [/ALTNAME|HOSTNAME_MISMATCH/, "tls.other-name"],
];

const SILENCE: readonly (readonly [RegExp, Says])[] = [
  ...CERTIFICATE,
  [/EPROTO|ERR_SSL|WRONG_VERSION/, "tls.none"],
  [/ENOTFOUND|EAI_|DNS/, "reach.no-host"],
  [/ECONNREFUSED/, "reach.closed"],
  [/EHOSTUNREACH|ENETUNREACH/, "reach.no-route"],
  [/ECONNRESET|EPIPE|ConnectionClosed|hang up|HPE_/i, "reach.cut"],
];
/** Bun says this of a host that is not there, of a port that is closed, and of a TLS that is none. */
const ANYTHING = /ECONNREFUSED|ConnectionRefused|FailedToOpenSocket/;

async function silence(
  url: string,
  { code, timedOut }: Extract<Look, { kind: "silence" }>,
  looking: Looking,
): Promise<Finding> {
  const { proxy, withinMs } = looking;
  const { host, hostname } = new URL(url);
  const better = url.replace(/^https:/, "http:");
  const facts = { url, host, hostname, code, better, seconds: withinMs / 1000 };
  if (timedOut) return found("reach.slow", facts);
  const says = ANYTHING.test(code) ? await closerLook(url, looking) : saysOf(code);
  // With a proxy the connection is one to the proxy.
  if (proxy !== undefined && (says === "reach.closed" || says === "reach.no-host")) {
    return found("proxy.unreachable", { ...facts, proxy });
  }
  return found(says, facts);
}

const saysOf = (code: string): Says =>
  SILENCE.find(([codes]) => codes.test(code))?.[1] ?? "reach.other";

async function closerLook(url: string, { proxy, connectTo }: Looking): Promise<Says> {
  if (proxy !== undefined) return "reach.closed";
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === "https:";
  const code = await connectTo(
    hostname.replace(/^\[|\]$/g, ""),
    Number(port || (isTls ? 443 : 80)),
  );
  if (code !== "") return saysOf(code);
  return isTls ? "tls.none" : "reach.cut";
}

function answer(
  url: string,
  { status, location, body }: Extract<Look, { kind: "answer" }>,
  { proxy }: Looking,
): Finding {
  const { host, hostname } = new URL(url);
  const facts = { url, host, hostname, status };
  if (proxy !== undefined && [403, 407, 502, 503, 504].includes(status)) {
    return found("proxy.refuses", { ...facts, proxy });
  }
  if (status >= 300 && status < 400 && location !== "") {
    return found("reach.redirect", { ...facts, target: targetOf(location, url) });
  }
  if (status === 429) return found("reach.limited", facts);
  if ([502, 503, 504].includes(status)) return found("reach.gateway", facts);
  const isPage = /^\s*<(?:!doctype|html|head|body)/i.test(body);
  return found(isPage ? "reach.html" : "reach.not-mattermost", facts);
}

/** Without its query: that may be a login's secret. */
function targetOf(location: string, from: string): string {
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
  return target === undefined ? "another address" : `${target.origin}${target.pathname}`;
}
