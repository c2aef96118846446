declare module "proxy-from-env" {
  /** The proxy that the environment (`HTTPS_PROXY`, `NO_PROXY`, …) names for an address; empty where there is none. */
  export function getProxyForUrl(url: string): string;
}
