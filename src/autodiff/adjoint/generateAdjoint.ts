import type { CallForm, VectorForm } from '../../core/callForm';
import type { PlainFunction } from '../syntax/nodes';
import { analyseActivity } from './activity';
import { Adoption } from './emit/adoption';
import { Names } from './emit/expressions';
import { forwardFunction, reverseFunction } from './emit/functions';
import { reservedNames, supportText } from './emit/support';
import { findFusion } from './fusion';
import type { Program, Temp } from './ir';
import { grammar } from './lower/grammar';
import { Hints } from './lower/hints';
import { invoke } from './lower/invocation';
import { Lowering } from './lower/lowering';
import { type AdjointModule, exportedFunction, Modules, namedFunction } from './lower/modules';
import { runtimeValue, scalarOf, type Value } from './lower/values';
import { findResiduals } from './residuals';
import { elements, hasShadow } from './shapes';
import { siteOf, type Unsupported } from './unsupported';

export type { AdjointModule } from './lower/modules';
export type { Unsupported } from './unsupported';

/** Up to this many parameters, forward mode is faster than reverse mode. */
const mostTangents = 3;

/**
 * Until the engine has optimized it, generated code that makes objects is several times slower than the tape. With 330
 * values, that takes about a second.
 */
const mostTempsWithObjects = 600;

export type Generated =
  | {
      /** Declarations to append to the module, whose constants they use. They export nothing. */
      readonly text: string;
      /**
       * The name of the gradient function in `text`. Signature: `(params, grad, context) => value`; it writes
       * the gradient to `grad`. null: the gradient depends on how ties are decided (ties.ts), so the loss must be traced.
       */
      readonly exportName: string;
      readonly mode: 'forward' | 'reverse';
      readonly unsupported?: never;
    }
  | { readonly unsupported: readonly Unsupported[]; readonly text?: never };

/**
 * Source-to-source differentiation: generates a function that computes a loss and its gradient. Loops remain
 * loops, and all calls are inlined.
 *
 * The function may throw an error with the code `not-as-generated` if a value has another type than was
 * assumed. Then, as for unsupported code, the loss must be traced. It also throws the errors of the loss.
 *
 * @param lossName  the name under which the module exports or declares the loss
 */
export function generateAdjoint(
  module: AdjointModule,
  lossName: string,
  dim: number,
  wantedMode: 'forward' | 'reverse' | null = null,
  form: CallForm = { vector: { kind: 'array' }, context: true },
): Generated {
  const prefix = unusedPrefix(module.text);
  const modules = new Modules(module);
  const place = exportedFunction(modules.home, lossName) ?? namedFunction(modules.home, lossName);
  if (!place) {
    const message = `${lossName} is not a function that this module declares`;
    return { unsupported: [{ file: module.file, from: 0, to: 0, message }] };
  }
  const taken = reservedNames
    .map((name) => modules.home.scopes.top.get(name))
    .find((each) => each !== undefined);
  if (taken) {
    const message = `${taken.name} is something else in this module`;
    return { unsupported: [{ ...siteOf(taken.declaration, module.file), message }] };
  }
  if (form.vector.kind === 'Float32Array') {
    const message = 'the parameters are rounded to single precision';
    return { unsupported: [{ ...siteOf(place.node, module.file), message }] };
  }
  const { low, program } = lowered(modules, prefix, place.node, form);
  const reasons = program && low.reasons.length === 0 ? analyseActivity(program) : low.reasons;
  if (!program || reasons.length > 0) return { unsupported: inOrder(reasons) };
  if (wantedMode === null && makesShadows(program) && program.temps.length > mostTempsWithObjects) {
    const message = 'the engine would optimize the generated code too late';
    return { unsupported: [{ ...siteOf(place.node, module.file), message }] };
  }
  const mode = wantedMode ?? (dim <= mostTangents && !makesShadows(program) ? 'forward' : 'reverse');
  const name = `${prefix}gradient`;
  const names = new Names(prefix);
  const fusion =
    mode === 'reverse'
      ? findFusion(
          program,
          (temp) => names.value(temp),
          (temp) => names.expression(temp),
        )
      : null;
  const adoption = new Adoption(names, classNames(low));
  const residuals = fusion && findResiduals(program, fusion);
  const write = (functionName: string, isGuarded: boolean) =>
    residuals
      ? reverseFunction(functionName, program, residuals, fusion, names, adoption, isGuarded)
      : forwardFunction(functionName, program, dim, names, adoption, isGuarded);
  const functions = [write(`${prefix}fast`, false), write(`${prefix}careful`, true)];
  const body = [
    ...low.constants,
    ...adoption.text,
    ...functions,
    entryFunction(
      name,
      prefix,
      program.usesRandom,
      functions.some((text) => text.includes(`${prefix}tied(`)),
    ),
  ].join('\n');
  return { text: `\n${supportText(prefix, body)}\n`, exportName: name, mode };
}

/** Whether the loss makes objects that depend on the parameters. Each would have as many objects of tangents. */
function makesShadows({ temps }: Program): boolean {
  return temps.some(
    ({ op, shape }) => op.type === 'make' && op.form.type !== 'parameters' && hasShadow(shape!),
  );
}

/** The names that the classes of the modules have in the module of the loss. */
function classNames({ modules }: Lowering): Map<object, string> {
  const names = new Map<object, string>();
  for (const [name, binding] of modules.home.scopes.top) {
    const place = modules.classOf(modules.home, binding);
    if (place) names.set(place.node, name);
  }
  return names;
}

/**
 * The fast function multiplies by zero adjoints, so a product 0·∞ makes a gradient component NaN. In that
 * case the careful function, which skips zero adjoints, computes the gradient again with the same random
 * numbers.
 *
 * Ties of kinks (ties.ts) have the derivative one half at first. If there are any, the gradient is computed again with other,
 * irregular derivatives. If it stays the same, no tie affects it: a rectifier of `w[0] * 0`, the distance of a point to itself.
 */
function entryFunction(name: string, prefix: string, usesRandom: boolean, hasTies: boolean): string {
  const record = usesRandom
    ? `  const numbers = [];
  const first = { ...context, random() { const number = context.random(); numbers.push(number); return number; } };
  let next = 0;
  const again = { ...context, random: () => numbers[next++] };`
    : '  const first = context, again = context;';
  const restart = usesRandom ? 'next = 0;' : '';
  const begin = hasTies ? `  ${prefix}ties = 0;\n  ${prefix}isTrial = false;` : '';
  const trial = `  if (${prefix}ties !== 0) {
    ${prefix}isTrial = true;
    ${restart}
    const other = new Float64Array(own.length);
    compute(params, other, again);
    if (${prefix}sizes.length !== own.length) ${prefix}sizes = new Float64Array(own.length);
    for (let i = 0; i < own.length; i++) {
      const size = Math.abs(own[i]);
      if (size > ${prefix}sizes[i] && size < Infinity) ${prefix}sizes[i] = size;
      if (!(Math.abs(own[i] - other[i]) <= ${tieTolerance} * ${prefix}sizes[i])) return null;
    }
  }`;
  return `function ${name}(params, grad, context) {
${record}
${begin}
  const own = grad instanceof Float64Array ? grad : new Float64Array(grad.length);
  let compute = ${prefix}fast, value = compute(params, own, first);
  for (let i = 0; i < own.length; i++) {
    if (own[i] !== own[i]) {
      compute = ${prefix}careful;
      value = compute(params, own, again);
      break;
    }
  }
${hasTies ? trial : ''}
  if (own !== grad) for (let i = 0; i < own.length; i++) grad[i] = own[i];
  return value;
}`;
}

/**
 * Relative to the largest derivative by the same coordinate so far at a tie. Sums of terms that cancel (the distance of a point to
 * itself, a gradient near a minimum) round differently.
 */
const tieTolerance = 2 ** -44;

/** How often a loss is lowered before it is given up. Each time corrects what the previous time assumed. */
const mostLowerings = 40;

function lowered(
  modules: Modules,
  prefix: string,
  loss: PlainFunction,
  form: CallForm,
): { readonly low: Lowering; readonly program: Program | null } {
  const hints = new Hints();
  for (let count = 1; ; count++) {
    const known = hints.size;
    const low = new Lowering(modules, prefix, grammar, hints);
    const program = lower(low, loss, form);
    low.builder.checkFixed();
    const isComplete = hints.size === known;
    if (isComplete && !low.builder.mustRepeat) return { low, program };
    if (isComplete || count === mostLowerings) {
      low.reasons.push({ ...low.site(loss), message: 'the types of the values are not understood' });
      return { low, program: null };
    }
  }
}

function lower(low: Lowering, loss: PlainFunction, form: CallForm): Program | null {
  const { builder } = low;
  const parameters = builder.make({ type: 'parameters' }, loss, low.site(loss));
  let program: Program | null = null;
  low.attempt(() => {
    const vector = vectorArguments(low, parameters, form.vector, loss);
    const context: Value[] = asksForContext(loss, form) ? [{ type: 'context' }] : [];
    const rest = form.vector.kind === 'rest' ? runtimeValue(parameters) : null;
    const value = invoke(low, loss, low.frame, [...vector, ...context], loss, { rest });
    if (low.reasons.length > 0) return;
    program = {
      body: builder.root,
      result: low.asScalar(value, loss),
      usesRandom: builder.usesRandom,
      temps: builder.temps,
      slots: builder.slots,
    };
  });
  return program;
}

/** The arguments that precede the context. */
function vectorArguments(low: Lowering, parameters: Temp, vector: VectorForm, loss: PlainFunction): Value[] {
  const coordinate = (k: number) =>
    scalarOf(low.builder.load(parameters, elements, low.builder.number(k), low.site(loss)));
  switch (vector.kind) {
    case 'object': {
      const fields = new Map(vector.names.map((name, k) => [name, coordinate(k)]));
      return [{ type: 'record', fields, isList: false }];
    }
    case 'numbers':
      return vector.names.map((_, k) => coordinate(k));
    case 'rest':
      return [];
    default:
      return [runtimeValue(parameters)];
  }
}

/** The same decision as for a call, from the number of the parameters that must be given. */
function asksForContext({ params }: PlainFunction, { context }: CallForm): boolean {
  if (context !== 'unless-one') return context !== false;
  const end = params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return (end < 0 ? params.length : end) !== 1;
}

function inOrder(reasons: readonly Unsupported[]): Unsupported[] {
  const seen = new Set<string>();
  return [...reasons]
    .sort((a, b) => a.from - b.from)
    .filter(({ from, to, message }) => {
      const key = `${from} ${to} ${message}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** A prefix for generated names that occurs nowhere in the module, nor among those of its instrumentation. */
function unusedPrefix(text: string): string {
  for (let k = 0; ; k++) {
    const prefix = k === 0 ? '$adjoint_' : `$adjoint${k}_`;
    if (!text.includes(prefix)) return prefix;
  }
}
