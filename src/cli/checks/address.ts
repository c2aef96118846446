import { isThisMachine, proxyBefore } from "../../config.ts";
import { type Finding, found } from "../findings/finding.ts";

export type AddressAnswer =
  | { readonly kind: "usable"; readonly url: string }
  | { readonly kind: "problem"; readonly finding: Finding };

/** What a person gives as the server's address, made into one that paths can be put behind. */
export function checkAddress(
  given: string,
  allowInsecure: boolean,
  env: Readonly<Record<string, string | undefined>>,
): AddressAnswer {
  const typed = given.trim();
  if (typed === "") return problem(found("address.none"));
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && url.username + url.password + url.search + url.hash === "";
  if (!isPlain || !/^https?:$/.test(url.protocol)) return problem(found("address.wrong"));
  if (url.protocol === "http:" && !allowInsecure) {
    const { host, hostname } = url;
    if (!isThisMachine(hostname)) return problem(found("address.insecure", { host }));
    const proxy = proxyBefore(url.href, env);
    if (proxy) return problem(found("address.proxied", { host, hostname, proxy }));
  }
  return { kind: "usable", url: `${url.origin}${url.pathname.replace(/\/+$/, "")}` };
}

const problem = (finding: Finding): AddressAnswer => ({ kind: "problem", finding });
