import type { Expression, Ref, Runtime } from '../../../../src/autodiff/runtime/api';

/** An operation that rewritten code requested. */
export interface Carried {
  readonly name: string;
  readonly site: number | null;
}

type Values = readonly unknown[];
type Native = (a: never, b: never) => unknown;

const native = {
  add: (a: never, b: never) => a + b,
  sub: (a: never, b: never) => a - b,
  mul: (a: never, b: never) => a * b,
  div: (a: never, b: never) => a / b,
  mod: (a: never, b: never) => a % b,
  pow: (a: never, b: never) => a ** b,
  neg: (a: never) => -a,
  plus: (a: never) => +a,
  inc: (a: never) => {
    let value = a as number;
    return ++value;
  },
  dec: (a: never) => {
    let value = a as number;
    return --value;
  },
} satisfies Readonly<Record<string, Native>>;

const integer: Readonly<Record<string, Native>> = {
  '|': (a: never, b: never) => a | b,
  '&': (a: never, b: never) => a & b,
  '^': (a: never, b: never) => a ^ b,
  '<<': (a: never, b: never) => a << b,
  '>>': (a: never, b: never) => a >> b,
  '>>>': (a: never, b: never) => a >>> b,
  '~': (a: never) => ~a,
};

const comparisons = {
  lt: (a: never, b: never) => a < b,
  le: (a: never, b: never) => a <= b,
  gt: (a: never, b: never) => a > b,
  ge: (a: never, b: never) => a >= b,
  // biome-ignore lint/suspicious/noDoubleEquals: the operator itself
  eq: (a: never, b: never) => a == b,
  // biome-ignore lint/suspicious/noDoubleEquals: the operator itself
  ne: (a: never, b: never) => a != b,
  same: (a: never, b: never) => a === b,
  differ: (a: never, b: never) => a !== b,
  truthy: (a: never) => Boolean(a),
  plain: (a: never) => a,
  typeOf: (a: never) => typeof a,
  text: (a: never) => `${a}`,
} satisfies Readonly<Record<string, Native>>;

const updates: Readonly<Record<string, keyof typeof native>> = {
  addTo: 'add',
  subFrom: 'sub',
  mulBy: 'mul',
  divBy: 'div',
  modBy: 'mod',
  powBy: 'pow',
};
const memberUpdates: Readonly<Record<string, keyof typeof native>> = {
  addAt: 'add',
  subAt: 'sub',
  mulAt: 'mul',
  divAt: 'div',
};

/** Computes an expression operator by operator, each through the entry with its name. */
function computed(
  tree: Expression,
  leaves: Values,
  entries: Readonly<Record<string, (...values: Values) => unknown>>,
): unknown {
  if (typeof tree === 'number') return leaves[tree];
  if ('constant' in tree) return tree.constant;
  const [name, site, ...operands] = tree;
  const values = operands.map((each) => computed(each, leaves, entries));
  const math = entries.math as unknown as typeof entries;
  return (Object.hasOwn(native, name) ? entries[name]! : math[name]!)(...values, site);
}

type Method = (...values: Values) => unknown;
type Holder = Record<PropertyKey, unknown>;

/**
 * A runtime that carries out each operation with the native operator, so that a rewritten program behaves
 * like the original.
 *
 * @param carry called before each operation
 */
export function passThrough(carry: (carried: Carried) => void = () => {}): Runtime {
  const called = <T>(name: string, site: unknown, value: () => T): T => {
    carry({ name, site: typeof site === 'number' ? site : null });
    return value();
  };
  const lastOf = (values: Values) => values.at(-1);
  const entries: Record<string, unknown> = {};
  for (const [name, operation] of Object.entries(native))
    entries[name] = (...values: Values) =>
      called(name, lastOf(values), () => operation(values[0] as never, values[1] as never));
  for (const [name, operation] of Object.entries(comparisons))
    entries[name] = (...values: Values) =>
      called(name, null, () => (operation as Native)(values[0] as never, values[1] as never));
  entries.numeric = (value: unknown) => {
    let old = value as number;
    return old++;
  };
  entries.before = (box: { readonly old: unknown }) => box.old;
  entries.int = (op: string, a: never, b: never, site: number) =>
    called(`int ${op}`, site, () => integer[op]!(a, b));
  entries.ref = (object: Holder, key: PropertyKey): Ref => ({ object, key, value: object[key] });
  const write = ({ object, key }: Ref, value: unknown) => {
    (object as Holder)[key] = value;
    return value;
  };
  for (const [name, by] of Object.entries(updates))
    entries[name] = (ref: Ref, b: never, site: number) =>
      called(name, site, () => write(ref, (native[by] as Native)(ref.value as never, b)));
  for (const [name, by] of Object.entries(memberUpdates))
    entries[name] = (object: Holder, key: PropertyKey, b: never, site: number) =>
      called(name, site, () =>
        write({ object, key, value: null }, (native[by] as Native)(object[key] as never, b)),
      );
  for (const [name, change] of [
    ['incRef', 'inc'],
    ['decRef', 'dec'],
  ] as const)
    entries[name] = (ref: Ref, prefix: boolean, site: number) =>
      called(name, site, () => {
        let old = ref.value as number;
        const changed = write(ref, native[change](ref.value as never));
        return prefix ? changed : old++;
      });
  entries.intRef = (op: string, ref: Ref, b: never, site: number) =>
    called(`intRef ${op}`, site, () => write(ref, integer[op]!(ref.value as never, b)));
  entries.store = write;
  entries.set = (object: Holder, key: PropertyKey, value: unknown, site: number) =>
    called('set', site, () => write({ object, key, value: null }, value));
  entries.setter = (site: number) => (object: Holder, key: PropertyKey, value: unknown) =>
    called('set', site, () => write({ object, key, value: null }, value));
  entries.m = new Proxy(
    {},
    {
      get:
        (_, name: string) =>
        (receiver: Record<string, (...values: Values) => unknown>, ...values: Values) =>
          called(`m.${name}`, null, () => receiver[name]!(...values)),
    },
  );
  entries.math = new Proxy(
    {},
    {
      get:
        (_, name: keyof Math) =>
        (...values: Values) =>
          called(`math.${String(name)}`, lastOf(values), () =>
            (Math[name] as (...operands: Values) => unknown)(...values.slice(0, -1)),
          ),
    },
  );
  entries.expression =
    (_: number, tree: Expression) =>
    (...leaves: Values) =>
      computed(tree, leaves, entries as never);
  entries.accumulating = entries.expression;
  entries.open = (sum: unknown) => sum;
  entries.total = (sum: unknown) => sum;
  entries.seed = (_: unknown, initial: unknown) => initial;
  entries.fold = (
    name: string,
    receiver: Record<string, (callback: unknown) => unknown>,
    callback: unknown,
  ) => receiver[name]!(callback);
  entries.loopSum = () => ({ isDirect: false });
  entries.checks = { on: true };
  entries.iteratesElements = () => false;
  entries.foldSum =
    (name: string) =>
    (receiver: Record<string, (...values: Values) => unknown>, callback: unknown, initial: unknown) =>
      receiver[name]!(callback, initial);
  entries.bound = (object: Holder, key: PropertyKey) =>
    (object[key] as Method | null | undefined)?.bind(object);
  for (const name of ['detachedMembers', 'evaluated', 'within', 'refused'])
    entries[name] = (value: unknown) => value;
  entries.at = (value: unknown, site: number) => called('at', site, () => value);
  // As in the runtime, functions of the engine are not foreign.
  entries.argumentsFor = (fn: unknown, _self: unknown, values: Values, site: number) =>
    `${fn}`.includes('[native code]') ? values : called('argumentsFor', site, () => values);
  entries.callback = (fn: (...values: Values) => unknown, site: number) =>
    function (this: unknown, ...values: Values) {
      return called('argumentsFor', site, () => fn.apply(this, [...values]));
    };
  entries.detached = (method: unknown) => method;
  const globals = {
    Math,
    Number,
    Boolean,
    String,
    Array,
    Float64Array,
    Float32Array,
    Map,
    Set,
    Object,
    Function,
  };
  const functions = {
    isNaN,
    isFinite,
    parseFloat,
    parseInt,
    structuredClone,
    eval: Reflect.get(globalThis, 'eval') as unknown,
    is: Object.is,
    isView: ArrayBuffer.isView,
  };
  return { ...entries, ...globals, ...functions } as unknown as Runtime;
}
