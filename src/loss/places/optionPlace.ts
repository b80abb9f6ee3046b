import type { RunConfigPatch } from '../../core/config/runConfig';
import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../declaration';

/** Layers of configuration above the annotation, weakest first. */
type Above = readonly RunConfigPatch[];

/**
 * Where the annotation says a value of the configuration, or the tag that it would belong to; nowhere, if a layer above
 * the annotation has overruled it.
 */
export function placeOfValue(
  declaration: LossDeclaration,
  path: readonly string[],
  above: Above,
): SourceLocation | undefined {
  if (isOverruled(declaration, path, above)) return undefined;
  const places = declaration.annotation?.places;
  return places?.get(path.join('.')) ?? places?.get(path[0] ?? '');
}

/**
 * Where the annotation decides an option: `lr=0.05` with its key, the value of a tag that has but one (`@steps 2000`).
 * What is not written stands where it comes from: at what it is derived from, at the name of the optimizer or schedule
 * whose default it is. Nowhere, if a layer above the annotation has overruled it or the tag is not there.
 */
export function placeOfOption(
  declaration: LossDeclaration,
  path: readonly string[],
  above: Above,
): SourceLocation | undefined {
  const { annotation } = declaration;
  if (!annotation || isOverruled(declaration, path, above)) return undefined;
  const { places, options } = annotation;
  const written = (key: string) => options.get(key) ?? places.get(key);
  const source = derivedFrom[path.join('.')];
  const own =
    written(path.join('.')) ??
    (source && !isOverruled(declaration, source, above) ? written(source.join('.')) : undefined);
  if (own) return own;
  for (let length = path.length - 1; length > 0; length--) {
    const key = path.slice(0, length).join('.');
    const place = places.get(`${key}.name`) ?? (named.has(key) ? undefined : places.get(key));
    if (place) return place;
  }
  return undefined;
}

/** Where a name stands before the options: without it, the other options are not at fault. */
const named: ReadonlySet<string> = new Set(['optimizer', 'schedule', 'switch.to']);

/** Defaults that another value of the annotation decides. */
const derivedFrom: Readonly<Record<string, readonly string[]>> = {
  steps: ['epochs'],
  'schedule.maxLr': ['optimizer', 'lr'],
};

/** Whether a layer above the annotation gives the value, or takes the annotation's out of the run. */
function isOverruled({ annotation }: LossDeclaration, path: readonly string[], above: Above): boolean {
  const rivals = path[0] === 'steps' || path[0] === 'epochs' ? [['steps'], ['epochs']] : [path];
  return above.some(
    (layer) =>
      rivals.some((rival) => gives(layer, rival)) ||
      path.some((_, length) => length > 0 && replaces(layer, annotation?.patch, path.slice(0, length))),
  );
}

/** Whether a layer turns something off, or names another optimizer or schedule: then its options are discarded. */
function replaces(layer: unknown, annotation: unknown, path: readonly string[]): boolean {
  const given = valueAt(layer, path);
  if (given === null) return true;
  const name = nameOf(given);
  return name !== undefined && name !== (nameOf(valueAt(annotation, path)) ?? defaultName(path));
}

function nameOf(value: unknown): unknown {
  return typeof value === 'string' ? value : valueAt(value, ['name']);
}

/** What a layer without a name means; see `mergePatches`. */
function defaultName(path: readonly string[]): string {
  return path[0] === 'optimizer' ? 'adam' : 'constant';
}

function gives(layer: unknown, path: readonly string[]): boolean {
  return valueAt(layer, path) !== undefined;
}

function valueAt(layer: unknown, [head, ...rest]: readonly string[]): unknown {
  if (head === undefined) return layer;
  return typeof layer === 'object' && layer !== null && Object.hasOwn(layer, head)
    ? valueAt((layer as Record<string, unknown>)[head], rest)
    : undefined;
}
