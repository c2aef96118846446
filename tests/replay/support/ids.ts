const idInText = /(?<![a-z0-9])(?!a{26})[a-z0-9]{26}(?![a-z0-9])/g;

/** Within one write the recorded server may ask its clock more than once; here it is asked once. */
const sameMomentMs = 5;

/** Which id, and which moment, of a recording is which one here. */
export interface Ids {
  /** Whether two texts are equal but for their ids; ids seen for the first time are bound. */
  match(recorded: string, live: string): boolean;
  /** The recorded text with the ids of here; throws on an id that has not been met. */
  live(recorded: string): string;
  /** The id of here for a recorded one, if they have been bound. */
  known(recorded: string): string | undefined;
  /** The recorded id for one of here, if they have been bound. */
  recorded(live: string): string | undefined;
  /** Whether a moment is that of here and no other is: 0 is 0, one not met before is bound. */
  matchTime(recorded: number, live: number): boolean;
  liveTime(recorded: number): number | undefined;
  /** The same for now: what is bound there is not bound here. */
  copy(): Ids;
}

/** Creates a map, empty unless it is to begin with `known`. */
export function createIds(known = empty()): Ids {
  const { there, here, times, moments } = known;

  const bind = (recorded: string, live: string): boolean => {
    const known = there.get(recorded);
    if (known !== undefined) return known === live;
    if (here.has(live)) return false;
    there.set(recorded, live);
    here.set(live, recorded);
    return true;
  };
  const matchUnordered = (recorded: readonly string[], live: readonly string[]): boolean => {
    const strange = recorded.filter((id) => !there.has(id));
    const left = live.filter((id) => !here.has(id));
    const known = recorded.filter((id) => there.has(id)).map((id) => there.get(id) ?? "");
    if (!known.every((id) => live.includes(id)) || strange.length !== left.length) return false;
    return strange.every((id, at) => bind(id, left[at] ?? ""));
  };

  return {
    match(recorded, live) {
      const pattern = recorded.replace(idInText, "ID");
      if (pattern !== live.replace(idInText, "ID")) return false;
      const recordedIds = recorded.match(idInText) ?? [];
      const liveIds = live.match(idInText) ?? [];
      // The name of a direct channel is its members' ids in the order of the alphabet.
      if (pattern === "ID__ID") return matchUnordered(recordedIds, liveIds);
      return recordedIds.every((id, at) => bind(id, liveIds[at] ?? ""));
    },
    live: (recorded) =>
      recorded.replace(idInText, (id) => {
        const known = there.get(id);
        if (known === undefined) throw new Error(`The id ${id} has not been met yet.`);
        return known;
      }),
    known: (recorded) => there.get(recorded),
    recorded: (live) => here.get(live),
    matchTime(recorded, live) {
      if (recorded === 0 || live === 0) return recorded === live;
      const known = times.get(recorded) ?? live;
      const first = moments.get(live) ?? recorded;
      times.set(recorded, known);
      moments.set(live, first);
      return known === live && Math.abs(first - recorded) <= sameMomentMs;
    },
    liveTime: (recorded) => times.get(recorded),
    copy: () =>
      createIds({
        there: new Map(there),
        here: new Map(here),
        times: new Map(times),
        moments: new Map(moments),
      }),
  };
}

function empty() {
  return {
    there: new Map<string, string>(),
    here: new Map<string, string>(),
    times: new Map<number, number>(),
    moments: new Map<number, number>(),
  };
}
