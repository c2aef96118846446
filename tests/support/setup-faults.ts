import { z } from "zod";
import type { Says } from "../../src/cli/findings/finding.ts";
import {
  type StandIn,
  type StandInOptions,
  startStandIn,
} from "../../src/playground/stand-in/stand-in.ts";
import { startHttpProxy } from "./http-proxy.ts";
import { startTlsFront } from "./tls-front.ts";

/** What a person has given, and the world in which it is wrong. */
export interface Trouble {
  readonly url: string;
  readonly token: string;
  readonly owner: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly allowInsecure?: boolean;
  stop(): Promise<void>;
}

export interface SetupFault {
  readonly name: string;
  /** What has to be said of it. */
  readonly says: Says;
  /** Where the plugin itself would refuse the setting, `doctor` says it in the plugin's words. */
  readonly doctorSays?: Says;
  /** What is in the line or the fix, so that a person knows what to do. */
  readonly words: RegExp;
  /** Where it depends on what the runtime takes from its environment at its start. */
  readonly needsProcess?: boolean;
  start(): Promise<Trouble>;
}

/** The settings as variables of the environment. */
export const asVariables = (trouble: Trouble): Readonly<Record<string, string>> => ({
  MATTERMOST_URL: trouble.url,
  MATTERMOST_TOKEN: trouble.token,
  MATTERMOST_OWNER: trouble.owner,
  ...(trouble.allowInsecure && { MATTERMOST_ALLOW_INSECURE: "true" }),
  ...trouble.env,
});

const Report = z.object({ checks: z.array(z.object({ check: z.string(), ok: z.boolean() })) });

/** What `doctor --json` has found wrong. */
export const problemsIn = (report: string): readonly string[] =>
  Report.parse(JSON.parse(report)).checks.flatMap(({ check, ok }) => (ok ? [] : [check]));

type Change = (
  standIn: StandIn,
) => Partial<Trouble> | undefined | Promise<Partial<Trouble> | undefined>;

/** A server that is all right, but for what `change` does. */
async function server(change: Change, options: StandInOptions = {}): Promise<Trouble> {
  const standIn = await startStandIn(options);
  const given = { url: standIn.url, token: standIn.bot.token, owner: "alice" };
  const { stop = async () => undefined, ...changed } = (await change(standIn)) ?? {};
  return {
    ...given,
    ...changed,
    async stop() {
      await stop();
      await standIn.stop();
    },
  };
}

const tokenOf = ({ users }: StandIn, name: string): string => users[name]?.token ?? "";

/** Behind this port everything is as it should be, but it speaks TLS with a certificate that nobody vouches for. */
async function behindTls(
  { url }: StandIn,
  address: (url: string) => string,
): Promise<Partial<Trouble>> {
  const front = await startTlsFront(url);
  return { url: address(front.url), stop: async () => front.stop() };
}

/** Only the proxy knows the host. */
async function behindProxy({ url }: StandIn, lets: boolean): Promise<Partial<Trouble>> {
  const proxy = await startHttpProxy(lets);
  const off = { NO_PROXY: "", no_proxy: "" };
  return {
    url: url.replace("127.0.0.1", "chat.invalid"),
    allowInsecure: true,
    env: { ...off, HTTP_PROXY: proxy.url, http_proxy: proxy.url },
    stop: async () => proxy[Symbol.dispose](),
  };
}

/** Each way in which a person's first try can go wrong. */
export const SETUP_FAULTS: readonly SetupFault[] = [
  {
    name: "a wrong url",
    says: "reach.no-host",
    words: /no host named chat\.invalid[\s\S]*Look for a mistake/,
    start: () => server(() => ({ url: "https://chat.invalid" })),
  },
  {
    name: "http for https",
    says: "reach.http-for-https",
    words: /speaks https[\s\S]*Use https:\/\/127\.0\.0\.1:\d+\./,
    start: () => server((it) => behindTls(it, (url) => url.replace("https:", "http:"))),
  },
  {
    name: "http to another machine",
    says: "address.insecure",
    doctorSays: "settings.wrong",
    words: /unencrypted[\s\S]*Use https:\/\/chat\.example\.com\./,
    start: () => server(() => ({ url: "http://chat.example.com" })),
  },
  {
    name: "https for http",
    says: "tls.none",
    words: /does not speak it[\s\S]*use http:\/\/127\.0\.0\.1:\d+/,
    start: () => server(({ url }) => ({ url: url.replace("http:", "https:") })),
  },
  {
    name: "a path behind the url",
    says: "reach.path",
    words: /a page of Mattermost[\s\S]*Use http:\/\/127\.0\.0\.1:\d+\./,
    start: () => server(({ url }) => ({ url: `${url}/dev/channels/town-square` })),
  },
  {
    name: "self-signed TLS",
    says: "tls.self-signed",
    words: /self-signed[\s\S]*NODE_EXTRA_CA_CERTS=/,
    start: () => server((it) => behindTls(it, (url) => url)),
  },
  {
    name: "a wrong token",
    says: "token.refused",
    words: /does not accept the token[\s\S]*Create New Token/,
    start: () => server(() => ({ token: "wr0ngt0kenwr0ngt0kenwr0ngt" })),
  },
  {
    name: "a bot account that is disabled",
    says: "token.refused",
    words: /If the bot account is disabled there, enable it/,
    start: () => server((it) => void it.deactivate(it.bot.id)),
  },
  {
    name: "a person's token",
    says: "token.person",
    words: /person @mallory[\s\S]*Add Bot Account/,
    start: () => server((it) => ({ token: tokenOf(it, "mallory") })),
  },
  {
    name: "bots switched off, and so a person's token",
    says: "bots.off",
    words: /switched off[\s\S]*Enable Bot Account Creation/,
    start: () => server((it) => ({ token: tokenOf(it, "mallory") }), { botAccounts: false }),
  },
  {
    name: "bots switched off, and so no token that works",
    says: "bots.off",
    words: /switched off[\s\S]*administrator/,
    start: () => server(() => ({ token: "n0neatalln0neatalln0neata" }), { botAccounts: false }),
  },
  {
    name: "an unknown owner",
    says: "owner.unknown",
    words: /no user “alcie”[\s\S]*your username/,
    start: () => server(() => ({ owner: "alcie" })),
  },
  {
    name: "a deactivated owner",
    says: "owner.deactivated",
    words: /@alice is deactivated[\s\S]*activate it/,
    start: () => server((it) => void it.deactivate(it.users["alice"]?.id ?? "")),
  },
  {
    name: "a bot as the owner",
    says: "owner.bot",
    words: /@opencode is a bot[\s\S]*your own username/,
    start: () => server(() => ({ owner: "opencode" })),
  },
  {
    name: "an owner whom the bot may not write to",
    says: "owner.no-dm",
    words: /may not open direct messages with @alice: A fault of the stand-in/,
    start: () => server((it) => void it.faults.fail({ path: "^/channels/direct" }, 403)),
  },
  {
    name: "a port that is closed",
    says: "reach.closed",
    words: /Nothing listens at 127\.0\.0\.1:\d+[\s\S]*Check the port/,
    start: () => server((it) => it.faults.leave() ?? undefined),
  },
  {
    name: "a slow server",
    says: "reach.slow",
    words: /did not answer within [\d.]+ s[\s\S]*in a browser/,
    start: () => server((it) => void it.faults.hang()),
  },
  {
    name: "an HTML answer",
    says: "reach.html",
    words: /answers with a web page[\s\S]*let \/api\/v4 through/,
    start: () => server((it) => void it.faults.loginPage()),
  },
  {
    name: "a gateway that does not reach the server",
    says: "reach.gateway",
    words: /answers 502[\s\S]*Start Mattermost/,
    start: () => server((it) => void it.faults.fail({}, 502)),
  },
  {
    name: "a server that lets no sockets through",
    says: "socket.blocked",
    words: /no WebSocket gets through[\s\S]*proxy_set_header Upgrade/,
    start: () => server((it) => void it.faults.refuseUpgrades({}, 400)),
  },
  {
    name: "a socket that stays silent",
    says: "socket.silent",
    words: /did not greet within [\d.]+ s/,
    start: () => server((it) => void it.faults.deafen({ newOnes: true })),
  },
  {
    name: "a proxy that lets no sockets through",
    needsProcess: true,
    says: "socket.proxy",
    words: /The proxy http:\/\/127\.0\.0\.1:\d+ of your environment[\s\S]*NO_PROXY/,
    start: () => server((it) => behindProxy(it, false)),
  },
  {
    name: "a proxy that cannot be reached",
    needsProcess: true,
    says: "proxy.unreachable",
    words: /The proxy http:\/\/127\.0\.0\.1:1 [\s\S]*Correct HTTPS_PROXY/,
    start: () =>
      server(() => ({
        url: "http://chat.invalid",
        allowInsecure: true,
        env: { HTTP_PROXY: "http://127.0.0.1:1", http_proxy: "http://127.0.0.1:1" },
      })),
  },
];
