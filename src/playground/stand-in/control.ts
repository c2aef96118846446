import { isFromHere, notFromHere } from "../from-here.ts";
import type { FaultScope } from "./fault-rules.ts";
import type { Faults } from "./faults.ts";
import { asRecord, asText } from "./parse.ts";

type Given = Readonly<Record<string, unknown>>;

/** What `fault` can be, and the keys beside `scope` that it reads. */
const switches: Readonly<Record<string, (faults: Faults, given: Given) => unknown>> = {
  rateLimited: (faults, given) =>
    faults.rateLimited(scope(given), count(given, "retryAfterSeconds")),
  rateLimit: (faults, given) =>
    faults.rateLimit(
      { perSecond: count(given, "perSecond") ?? 6, burst: count(given, "burst") ?? 6 },
      scope(given),
    ),
  fail: (faults, given) => faults.fail(scope(given), count(given, "status")),
  loginPage: (faults, given) => faults.loginPage(scope(given)),
  hang: (faults, given) => faults.hang(scope(given)),
  delay: (faults, given) => faults.delay(count(given, "ms") ?? 1000, scope(given)),
  reset: (faults, given) => faults.reset(scope(given)),
  loseAnswer: (faults, given) => faults.loseAnswer(scope(given)),
  hold: (faults, given) => faults.hold(scope(given), count(given, "ms")),
  slowCreates: (faults, given) => faults.slowCreates(count(given, "ms") ?? 1000),
  dropSockets: (faults, given) => faults.dropSockets(scope(given)),
  deafen: (faults, given) =>
    faults.deafen({
      ...scope(given),
      newOnes: given["newOnes"] === true,
      unnoticed: given["unnoticed"] === true,
    }),
  refuseUpgrades: (faults, given) => faults.refuseUpgrades(scope(given), count(given, "status")),
  restart: (faults) => faults.restart(),
  clear: (faults) => faults.clear(),
  away(faults, given) {
    // Away, nobody could call it back: it comes back by itself.
    faults.leave();
    setTimeout(() => faults.comeBack(), count(given, "ms") ?? 5000);
  },
};

const cuts = new Set(["restart", "away"]);

/**
 * Faults over HTTP: `POST /stand-in/faults` with
 * `{"fault": "rateLimited", "scope": {"method": "POST", "path": "^/posts", "user": "opencode",
 * "times": 3, "probability": 0.5}, "retryAfterSeconds": 1}`. The names and keys are those of
 * `Faults`; `away` (with `ms`) goes and comes back, `clear` ends everything.
 */
export function createControl(
  faults: Faults,
): (request: Request, url: URL) => Promise<Response | undefined> {
  const names = Object.keys(switches).join(", ");
  return async (request, url) => {
    if (url.pathname !== "/stand-in/faults" || request.method !== "POST") return undefined;
    if (!isFromHere(request)) return notFromHere();
    const given = asRecord(await request.json().catch(() => undefined));
    const name = asText(given?.["fault"]) ?? "";
    const run = Object.hasOwn(switches, name) ? switches[name] : undefined;
    if (given === undefined || run === undefined) {
      const message = `Send JSON with "fault", one of: ${names}.`;
      return Response.json({ message }, { status: 400 });
    }
    if (!cuts.has(name)) run(faults, given);
    // Answered first: these end the very connection that asked for them.
    else setTimeout(() => run(faults, given), 20);
    return Response.json({ status: "OK" });
  };
}

function scope(given: Given): FaultScope {
  const { method, path, user } = {
    method: asText(asRecord(given["scope"])?.["method"]),
    path: asText(asRecord(given["scope"])?.["path"]),
    user: asText(asRecord(given["scope"])?.["user"]),
  };
  const times = count(asRecord(given["scope"]) ?? {}, "times");
  const probability = count(asRecord(given["scope"]) ?? {}, "probability");
  return {
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    ...(user === undefined ? {} : { user }),
    ...(times === undefined ? {} : { times }),
    ...(probability === undefined ? {} : { probability }),
  };
}

function count(given: Given, key: string): number | undefined {
  const value = given[key];
  return typeof value === "number" ? value : undefined;
}
