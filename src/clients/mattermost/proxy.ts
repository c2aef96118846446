import { getProxyForUrl } from "proxy-from-env";

/** The proxy for a server, by the environment, as the runtime finds it for requests: HTTP proxies only. */
export function proxyFor(url: string): string | undefined {
  const proxy = getProxyForUrl(url);
  return /^https?:/i.test(proxy) ? proxy : undefined;
}
