/**
 * `make`, for what is asked for again and again of the same immutable thing: made anew only when something that goes into it, compared
 * field by field, is another one. Forgotten with the thing.
 */
export function remembered<K extends object, A extends object, R>(
  make: (of: K, about: A) => R,
): (of: K, about: A) => R {
  const last = new WeakMap<K, { readonly about: A; readonly made: R }>();
  return (of, about) => {
    const known = last.get(of);
    if (known && isSame(known.about, about)) return known.made;
    const made = make(of, about);
    last.set(of, { about, made });
    return made;
  };
}

function isSame<A extends object>(one: A, other: A): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(
      (name) =>
        Object.hasOwn(other, name) && Object.is(Reflect.get(one, name), Reflect.get(other, name)),
    )
  );
}
