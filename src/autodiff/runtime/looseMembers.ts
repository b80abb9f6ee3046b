import { checking } from '../checking';
import { noSite } from '../sites';
import { Traced } from '../traced';
import type { Members, Ref } from './api';
import { arithmetic } from './arithmetic';
import { members } from './members';
import { WorkBuffer } from './workBuffer';

type Operation = (a: unknown, b: unknown, site: number) => unknown;

/** A function that is not strict ignores a write that fails: to a frozen object, a primitive value, a getter. */
const write = new Function('object', 'key', 'value', 'object[key] = value;') as (
  object: unknown,
  key: unknown,
  value: unknown,
) => void;

/** Buffers never ignore a write that the unchanged program makes, except that of their length. */
function set(object: unknown, key: unknown, value: unknown, site: number = noSite): unknown {
  if (object instanceof WorkBuffer) {
    if (key !== 'length') object.store(key, value);
  } else if (value instanceof Traced && ArrayBuffer.isView(object)) members.set(object, key, value, site);
  else write(object, key, value);
  if (checking.on) checking.locate(site);
  return value;
}

const update = (operation: Operation) => (ref: Ref, b: unknown, site: number) =>
  set(ref.object, ref.key, operation(ref.value, b, site), site);

const updateAt = (operation: Operation) => (object: unknown, key: unknown, b: unknown, site: number) =>
  update(operation)(members.ref(object, key), b, site);

const step =
  (operation: (a: unknown, site: number) => unknown) =>
  (ref: Ref, prefix: boolean, site: number = noSite) => {
    const old = arithmetic.numeric(ref.value);
    const updated = set(ref.object, ref.key, operation(old, site), site);
    return prefix ? updated : old;
  };

const { add, sub, mul, div, mod, pow, inc, dec, int } = arithmetic;

/** The writes of code that is not strict. */
export const looseMembers: Members = {
  ref: members.ref,
  addTo: update(add),
  subFrom: update(sub),
  mulBy: update(mul),
  divBy: update(div),
  modBy: update(mod),
  powBy: update(pow),
  incRef: step(inc),
  decRef: step(dec),
  intRef: (op, ref, b, site) => set(ref.object, ref.key, int(op, ref.value, b, site), site),
  store: ({ object, key }, value) => set(object, key, value),
  addAt: updateAt(add),
  subAt: updateAt(sub),
  mulAt: updateAt(mul),
  divAt: updateAt(div),
  set,
  setter: (site) => members.setter(site, set),
};
