import type { Fault, FaultScope } from "../../../src/playground/stand-in/fault-rules.ts";
import type { StandIn } from "../../../src/playground/stand-in/stand-in.ts";
import type { Random } from "../random.ts";

/** What goes wrong between the bridge and Mattermost, at random. */
export interface Weather {
  /** What has struck so far, and how often. */
  readonly tally: ReadonlyMap<string, number>;
  /** Ends every fault. */
  clear(): Promise<void>;
}

type Blow = (mattermost: StandIn, random: Random) => Fault | undefined;

const CREATES: FaultScope = { method: "POST", path: "^/posts$" };
const EDITS: FaultScope = { method: "PUT", path: "/patch$" };
const MARKS: FaultScope = { path: "reactions" };

/** Each for a moment; those that appear twice come twice as often. */
const BLOWS: readonly [readonly [string, Blow], ...(readonly [string, Blow])[]] = [
  ["429", ({ faults }, random) => faults.rateLimited({ times: random.between(1, 8) }, 1)],
  ["500", ({ faults }) => faults.fail({ probability: 0.3 })],
  [
    "500 for creates",
    ({ faults }, random) => faults.fail({ ...CREATES, times: random.between(1, 6) }),
  ],
  [
    "500 for reads",
    ({ faults }, random) => faults.fail({ method: "GET", times: random.between(1, 6) }),
  ],
  ["hang", ({ faults }, random) => faults.hang({ times: random.between(1, 3) })],
  ["reset", ({ faults }, random) => faults.reset({ times: random.between(1, 6) })],
  [
    "answer lost, creates",
    ({ faults }, random) => faults.loseAnswer({ ...CREATES, times: random.between(1, 4) }),
  ],
  [
    "answer lost, edits",
    ({ faults }, random) => faults.loseAnswer({ ...EDITS, times: random.between(1, 4) }),
  ],
  [
    "answer lost, marks",
    ({ faults }, random) => faults.loseAnswer({ ...MARKS, times: random.between(1, 4) }),
  ],
  [
    "late, creates",
    ({ faults }, random) => faults.hold({ ...CREATES, times: random.between(1, 3) }, 2_500),
  ],
  [
    "late, edits",
    ({ faults }, random) => faults.hold({ ...EDITS, times: random.between(1, 3) }, 2_500),
  ],
  ["slow creates", ({ faults }, random) => faults.slowCreates(random.between(300, 1_200))],
];

type Storm = readonly [name: string, strike: Blow, forMs: number];

/** What ends connections: the longer they fail, the longer the bridge waits, so these are rarer. */
const STORMS: readonly [Storm, ...Storm[]] = [
  ["sockets dropped", ({ faults }) => void faults.dropSockets(), 1_500],
  ["sockets dropped", ({ faults }) => void faults.dropSockets(), 1_500],
  ["restart", ({ faults }) => void faults.restart(), 1_500],
  [
    "upgrades refused",
    ({ faults }) => {
      faults.dropSockets();
      return faults.refuseUpgrades({ probability: 0.5 });
    },
    1_500,
  ],
];

/** What a client finds out only after a while: a request is given up after 15 s, a silent socket after 45 s. */
const LONG_STORMS: readonly [Storm, ...Storm[]] = [
  ...STORMS,
  ["long hang", ({ faults }, random) => faults.hang({ times: random.between(5, 40) }), 20_000],
  [
    "answers lost for long",
    ({ faults }, random) => faults.loseAnswer({ times: random.between(5, 20) }),
    20_000,
  ],
  ["deaf sockets", ({ faults }) => void faults.deafen(), 0],
  ["deaf sockets, unnoticed", ({ faults }) => void faults.deafen({ unnoticed: true }), 0],
];

/** Goes on until it is cleared; one fault in `everyMs`, a storm every `stormEveryMs`, an absence every third storm. */
export function createWeather(
  mattermost: StandIn,
  random: Random,
  pace: {
    readonly everyMs: number;
    readonly stormEveryMs: number;
    readonly awayMs: number;
    /** Also what takes the bridge long to find out. */
    readonly longStorms: boolean;
  },
): Weather {
  const tally = new Map<string, number>();
  const over = new AbortController();
  const count = (name: string): void => void tally.set(name, (tally.get(name) ?? 0) + 1);
  mattermost.faults.seed(random.between(1, 1_000_000));

  /** Sleeps, unless the weather clears. */
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      over.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });

  async function blow(dice: Random): Promise<void> {
    while (!over.signal.aborted) {
      const [name, strike] = dice.pick(BLOWS);
      count(name);
      const fault = strike(mattermost, dice);
      await wait(dice.between(pace.everyMs / 2, pace.everyMs * 1.5));
      fault?.clear();
    }
  }

  async function storm(dice: Random): Promise<void> {
    for (let storms = 1; ; storms++) {
      await wait(dice.between(pace.stormEveryMs / 2, pace.stormEveryMs * 1.5));
      if (over.signal.aborted) return;
      if (storms % 3 === 0) {
        count("away");
        mattermost.faults.leave();
        await wait(pace.awayMs);
        mattermost.faults.comeBack();
      } else {
        const [name, strike, forMs] = dice.pick(pace.longStorms ? LONG_STORMS : STORMS);
        count(name);
        const fault = strike(mattermost, dice);
        await wait(forMs);
        fault?.clear();
      }
    }
  }

  const going = [blow(random.fork()), blow(random.fork()), storm(random.fork())];
  return {
    tally,
    async clear() {
      over.abort();
      await Promise.all(going);
      mattermost.faults.clear();
    },
  };
}
