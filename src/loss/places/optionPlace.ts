import type { RunConfigPatch } from '../../core/config/runConfig';
import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../declaration';

/** The configuration layers that override the annotation, weakest first. */
type Above = readonly RunConfigPatch[];

/**
 * The place of a configuration value in the annotation. If the value is not written there, the place of the
 * tag to which it belongs. undefined if a layer above the annotation overrides the value, or there is no such
 * tag.
 */
export function placeOfValue(
  declaration: LossDeclaration,
  path: readonly string[],
  above: Above,
): SourceLocation | undefined {
  if (isOverruled(declaration, path, above)) return undefined;
  const places = declaration.annotation?.places;
  return places?.get(path.join('.')) ?? places?.get(path.slice(0, 2).join('.')) ?? places?.get(path[0] ?? '');
}

/**
 * The place in the annotation that determines an option: the option with its key (`lr=0.05`), or the value of
 * a tag with one value (`@steps 2000`). An option that is not written has the place of the value from which
 * it is derived, or else the name of the optimizer or schedule whose default it is. undefined if a layer
 * above the annotation overrides the option, or there is no such tag.
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

/**
 * Tags in which a name precedes the options. If the name is not written, the other options are not the cause.
 */
const named: ReadonlySet<string> = new Set(['optimizer', 'schedule', 'switch.to']);

/** Options whose default is derived from another value of the annotation. */
const derivedFrom: Readonly<Record<string, readonly string[]>> = {
  steps: ['epochs'],
  'schedule.maxLr': ['optimizer', 'lr'],
};

/** Whether a layer above the annotation sets the value, or discards the value that the annotation sets. */
function isOverruled({ annotation }: LossDeclaration, path: readonly string[], above: Above): boolean {
  const rivals = path[0] === 'steps' || path[0] === 'epochs' ? [['steps'], ['epochs']] : [path];
  return above.some(
    (layer) =>
      rivals.some((rival) => gives(layer, rival)) ||
      path.some((_, length) => length > 0 && replaces(layer, annotation?.patch, path.slice(0, length))),
  );
}

/**
 * Whether a layer disables the feature or names another optimizer or schedule, which discards the options.
 */
function replaces(layer: unknown, annotation: unknown, path: readonly string[]): boolean {
  const given = valueAt(layer, path);
  if (given === null) return true;
  const name = nameOf(given);
  return name !== undefined && name !== (nameOf(valueAt(annotation, path)) ?? defaultName(path));
}

function nameOf(value: unknown): unknown {
  return typeof value === 'string' ? value : valueAt(value, ['name']);
}

/** The name that a layer without a name implies; see `mergePatches`. */
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
