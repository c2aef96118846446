/** The latest `limit` values, in order; older ones are forgotten. */
export interface Ring<T> {
  push(value: T): void;
  all(): readonly T[];
}

/** Creates an empty ring. */
export function createRing<T>(limit: number): Ring<T> {
  let values: T[] = [];
  return {
    push(value) {
      values.push(value);
      if (values.length >= limit * 2) values = values.slice(-limit);
    },
    all: () => values.slice(-limit),
  };
}
