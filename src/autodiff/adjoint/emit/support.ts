/** The initial capacity of the stack in numbers. It doubles as needed, up to half a gigabyte. */
const initialStack = 2 ** 12;
const largestStack = 2 ** 26;

/**
 * Names that generated code uses in their standard JavaScript meaning. A module that declares one of them
 * cannot be lowered.
 */
export const reservedNames = [
  'Math',
  'Number',
  'Object',
  'Array',
  'ArrayBuffer',
  'Map',
  'Set',
  'Float64Array',
  'Float32Array',
  'TypeError',
  'Infinity',
  'NaN',
  'undefined',
];

/**
 * Functions that generated code calls. If a value has another type than the static analysis assumed, they
 * throw an error with the code `not-as-generated`. The loss must then be traced.
 */
export function supportText(prefix: string, body: string): string {
  const functions: Readonly<Record<string, string>> = {
    grow: [
      `let ${prefix}memory = new Float64Array(${initialStack});`,
      `function ${prefix}grow(needed) {`,
      `  if (needed > ${largestStack}) {`,
      `    ${prefix}memory = new Float64Array(${initialStack});`,
      `    throw ${prefix}stop('the loss has more intermediate values than can be remembered');`,
      `  }`,
      `  const grown = new Float64Array(Math.max(needed, 2 * ${prefix}memory.length));`,
      `  grown.set(${prefix}memory);`,
      `  return (${prefix}memory = grown);`,
      `}`,
    ].join('\n'),
    full: `function ${prefix}full() {
  throw ${prefix}stop('the loss has more intermediate objects than can be remembered');
}`,
    number: `function ${prefix}number(value) {
  if (typeof value !== 'number') throw ${prefix}stop('what is added to a number is none');
  return value;
}`,
    whole: `function ${prefix}whole(value) {
  if (!Number.isInteger(value)) throw ${prefix}stop('the length of an array is no whole number');
  return value;
}`,
    array: `function ${prefix}array(value) {
  if (!${prefix}isList(value)) throw ${prefix}stop('this is no array');
  return value;
}`,
    list: `function ${prefix}list(value) {
  return ${prefix}isList(value) ? value : [...${prefix}builtIn(value)];
}`,
    builtIn: `function ${prefix}builtIn(value) {
  if (typeof value === 'string' || ${prefix}isList(value)) return value;
  const kind = value == null ? null : Object.getPrototypeOf(value);
  if (kind !== Map.prototype && kind !== Set.prototype) throw ${prefix}stop('this may be another one the next time');
  return value;
}`,
    isList: `function ${prefix}isList(value) {
  if (Array.isArray(value)) return Object.getPrototypeOf(value) === Array.prototype;
  return ArrayBuffer.isView(value) && 'length' in value;
}`,
    instance: `function ${prefix}instance(value, constructor) {
  if (value == null || Object.getPrototypeOf(value) !== constructor.prototype)
    throw ${prefix}stop('this is an object of another class');
  return value;
}`,
    zeros: `function ${prefix}zeros(length) {
  const zeros = [];
  for (let i = 0; i < length; i++) zeros.push(-0);
  return zeros;
}`,
    at: `function ${prefix}at(index, length) {
  const at = Math.trunc(index) || 0;
  return at < 0 ? length + at : at;
}`,
    place: `function ${prefix}place(index, length) {
  const at = Math.trunc(index) || 0;
  return at < 0 ? Math.max(length + at, 0) : Math.min(at, length);
}`,
    sum: `function ${prefix}sum(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}`,
    times: `function ${prefix}times(adjoint, partial) {
  return adjoint === 0 || partial === 0 ? 0 : adjoint * partial;
}`,
    tied: [
      `let ${prefix}ties = 0, ${prefix}isTrial = false, ${prefix}sizes = new Float64Array(0);`,
      `function ${prefix}tied() {`,
      `  if (!${prefix}isTrial) return (${prefix}ties = 0.5);`,
      `  ${prefix}ties = (16807 * ${prefix}ties + 0.1) % 1;`,
      `  return ${prefix}ties;`,
      `}`,
    ].join('\n'),
    stop: `function ${prefix}stop(message) {
  return Object.assign(new TypeError(message), { code: 'not-as-generated' });
}`,
  };
  let text = body;
  for (const [name, definition] of Object.entries(functions))
    if (text.includes(`${prefix}${name}(`) || (name === 'grow' && text.includes(`${prefix}memory`)))
      text = `${definition}\n${text}`;
  return text;
}
