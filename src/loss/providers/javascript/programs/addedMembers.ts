/**
 * Prototypes of the engine that a program and its rewritten form share. `Number.prototype.toRadians = …` in one of them
 * replaces the function of the other.
 */
const prototypes: readonly object[] = [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Date,
  RegExp,
  Promise,
].map(({ prototype }) => prototype as object);
const originalKeys = prototypes.map((prototype) => new Set(Reflect.ownKeys(prototype)));

type Member = { readonly prototype: object; readonly key: PropertyKey; readonly own: PropertyDescriptor };

/** The members that programs added to the prototypes of the engine. */
export function addedMembers(): readonly Member[] {
  return prototypes.flatMap((prototype, i) =>
    Reflect.ownKeys(prototype)
      .filter((key) => !originalKeys[i]!.has(key))
      .map((key) => ({ prototype, key, own: Object.getOwnPropertyDescriptor(prototype, key)! })),
  );
}

/** Defines members again that another load of the program replaced. Those that cannot be changed are left as they are. */
export function putBack(members: readonly Member[]): void {
  for (const { prototype, key, own } of members) Reflect.defineProperty(prototype, key, own);
}
