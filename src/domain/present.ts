type OptionalKeys<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** `T` with the members that may be undefined made optional instead: there, or not there at all. */
export type Present<T> = Omit<T, OptionalKeys<T>> & {
  readonly [K in OptionalKeys<T>]?: Exclude<T[K], undefined>;
};

/** The members that have a value. A record and an answer of ECS leave the others out. */
export function present<T extends object>(members: T): Present<T> {
  const given: Partial<T> = {};
  for (const name in members) if (members[name] !== undefined) given[name] = members[name];
  // The compiler cannot follow the loop; `Present` says what it does.
  return given as Present<T>;
}
