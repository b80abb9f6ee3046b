import type { Tree } from '@lezer/common';
import { readAnnotation } from '../annotation/annotation';
import type { Span } from '../annotation/annotationValue';
import type { Annotation, DiscoveryMode, LossDeclaration, ParameterPlaces } from '../declaration';
import { LineMap } from '../places/lineMap';
import { isCandidateFile } from './candidateFile';
import { numbersOf } from './functionShape';
import { isLossByName } from './lossName';
import { type OutlineEntry, outlineOf } from './moduleOutline';
import { innermostNamedFunction } from './nestedFunction';
import { isOptimizerStep } from './optimizerStep';
import { parameterSpans } from './parameterSpans';
import { parseTolerantly } from './syntaxTree';

/** The losses of a source text, in order. Never throws, however unfinished the text. */
export function discover(text: string, file: string, mode: DiscoveryMode): LossDeclaration[] {
  if (mode === 'off' || !isCandidateFile(baseName(file))) return [];
  const module = new ModuleReader(text, file);
  return module.declarations().filter(({ foundBy, exportName }) => {
    if (exportName === null) return false;
    return foundBy === 'annotation' || (foundBy === 'name' && mode === 'named');
  });
}

/** The optimizers of the user's own, `@optimizerStep`, in order. */
export function optimizerStepsIn(text: string, file: string): LossDeclaration[] {
  if (!isCandidateFile(baseName(file)) || !text.includes('@optimizerStep')) return [];
  return new ModuleReader(text, file)
    .declarations('cursor')
    .filter((declaration) => declaration.exportName !== null && isOptimizerStep(declaration));
}

/** Whatever carries `@expect`, in order: also what is no loss, or not exported, and should not be passed over in silence. */
export function expectationsIn(text: string, file: string): LossDeclaration[] {
  if (!isCandidateFile(baseName(file)) || !text.includes('@expect')) return [];
  return new ModuleReader(text, file)
    .declarations('cursor')
    .filter(({ annotation }) => annotation?.tags.some(({ name }) => name === 'expect'));
}

/**
 * The function around the cursor, whatever its name; its comment and the whole lines of its declaration count. An
 * exported one is preferred to what is nested inside it.
 */
export function lossAt(text: string, file: string, offset: number): LossDeclaration | null {
  if (!isCandidateFile(baseName(file))) return null;
  return new ModuleReader(text, file).at(offset);
}

/** The function of that name, or exported under it (`default` too), loss or not; an exported one is preferred. */
export function lossNamed(text: string, file: string, name: string): LossDeclaration | null {
  if (!isCandidateFile(baseName(file))) return null;
  return new ModuleReader(text, file).named(name);
}

/** What of a text belongs to one function, as offsets. */
interface Extent {
  readonly commentFrom: number | null;
  readonly commentTo: number;
  readonly from: number;
  readonly to: number;
}

class ModuleReader {
  readonly #lines: LineMap;
  readonly #tree: Tree;
  readonly #entries: readonly OutlineEntry[];
  /** The place among the entries of the first one that is exported under a name. */
  readonly #exported = new Map<string, number>();
  /** Comments by the offset of their end. */
  readonly #comments = new Map<number, { from: number; isDoc: boolean }>();

  readonly #text: string;
  readonly #file: string;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    this.#lines = new LineMap(file, text);
    this.#tree = parseTolerantly(text, file);
    this.#entries = outlineOf(this.#tree, text);
    for (const [index, { exportNames }] of this.#entries.entries())
      for (const name of exportNames) if (!this.#exported.has(name)) this.#exported.set(name, index);
    this.#tree.iterate({
      enter: ({ name, from, to }) => {
        if (name !== 'BlockComment' && name !== 'LineComment') return;
        this.#comments.set(to, {
          from,
          isDoc: name === 'BlockComment' && /^\/\*\*(?!\/)/.test(text.slice(from, to)),
        });
      },
    });
  }

  /** @param atLeast  whether functions that are no losses count too */
  declarations(atLeast?: 'cursor'): LossDeclaration[] {
    return this.#entries.flatMap((entry) => {
      const declaration = this.#declaration(entry, this.#extent(entry), atLeast);
      return declaration ? [declaration] : [];
    });
  }

  at(offset: number): LossDeclaration | null {
    const around = this.#entries
      .map((entry) => ({ entry, extent: this.#extent(entry) }))
      .filter(({ entry, extent }) => entry.shape !== null && this.#covers(extent, offset));
    around.sort(
      (a, b) =>
        Number(b.entry.exportNames.length > 0) - Number(a.entry.exportNames.length > 0) ||
        a.extent.to - a.extent.from - (b.extent.to - b.extent.from),
    );
    const best = around[0];
    if (best) return this.#declaration(best.entry, best.extent, 'cursor');
    const nested = innermostNamedFunction(this.#tree, this.#text, offset);
    return nested ? this.#declaration(nested, this.#extent(nested), 'cursor') : null;
  }

  named(name: string): LossDeclaration | null {
    const candidates = this.#entries.filter(
      (entry) => (entry.shape !== null && !entry.shape.generator) || canHoldFunction(entry),
    );
    const found =
      candidates.find((entry) => entry.exportNames.includes(name)) ??
      candidates.find((entry) => this.#nameOf(entry) === name);
    return found ? this.#declaration(found, this.#extent(found), 'cursor') : null;
  }

  #nameOf({ name }: OutlineEntry): string {
    return name ?? baseName(this.#file).replace(/\.[^.]*$/, '');
  }

  #declaration(entry: OutlineEntry, extent: Extent, atLeast?: 'cursor'): LossDeclaration | null {
    const exportName = entry.exportNames.find((name) => name !== 'default') ?? entry.exportNames[0] ?? null;
    const name = this.#nameOf(entry);
    const annotation = this.#annotation(extent);
    const marked = annotation?.tags.some((tag) => tag.name === 'loss') ?? false;
    const isNamed = entry.shape !== null && isLossByName(name, entry.shape, this.#file);
    const foundBy = marked && canHoldFunction(entry) ? 'annotation' : isNamed ? 'name' : atLeast;
    if (!foundBy) return null;
    const startNames = [exportName, name].flatMap((base) => (base === null ? [] : [`${base}Start`]));
    const start = this.#firstExported(startNames);
    const startLength = start?.value ? (numbersOf(start.value, this.#text)?.length ?? null) : null;
    return {
      file: this.#file,
      name,
      exportName,
      location: entry.nameNode
        ? this.#lines.location(entry.nameNode.from, entry.nameNode.to)
        : this.#lines.location(entry.from, Math.min(entry.to, this.#lineEnd(entry.from))),
      extent: this.#lines.location(extent.commentFrom ?? extent.from, extent.to),
      statement: this.#lines.location(extent.from, Math.min(extent.to, this.#lineEnd(extent.from))),
      foundBy,
      dim: annotation?.patch.start?.length ?? entry.shape?.pattern?.arity ?? startLength,
      parameterNames: entry.shape?.pattern?.names ?? null,
      parameter: this.#parameter(entry),
      wantsFloat64Array: /^Float64Array(?:<.*>)?$/.test(entry.shape?.parameterType ?? ''),
      startExport: start ? (startNames.find((each) => start.exportNames.includes(each)) ?? null) : null,
      annotation,
    };
  }

  /** The first entry that is exported under one of the names. */
  #firstExported(names: readonly string[]): OutlineEntry | undefined {
    const places = names.flatMap((name) => this.#exported.get(name) ?? []);
    return places.length === 0 ? undefined : this.#entries[Math.min(...places)];
  }

  #parameter({ shape }: OutlineEntry): ParameterPlaces | null {
    const spans = shape && parameterSpans(shape.node, this.#text);
    if (!spans) return null;
    const { name, whole, coordinates, rest } = spans;
    const place = ({ from, to }: Span) => this.#lines.location(from, to);
    return {
      name,
      location: place(whole),
      coordinates: new Map([...coordinates].map(([index, span]) => [index, place(span)])),
      rest: rest && { first: rest.first, location: place(rest) },
    };
  }

  #annotation(extent: Extent): Annotation | null {
    return extent.commentFrom === null
      ? null
      : readAnnotation(this.#lines, extent.commentFrom, extent.commentTo);
  }

  /** The declaration and the doc comment right before it; other comments may stand between. */
  #extent(entry: OutlineEntry): Extent {
    for (const anchor of entry.anchors) {
      let at = anchor.from;
      for (;;) {
        const end = this.#text.slice(0, at).trimEnd().length;
        const comment = this.#comments.get(end);
        if (!comment) break;
        if (comment.isDoc)
          return { commentFrom: comment.from, commentTo: end, from: anchor.from, to: entry.to };
        at = comment.from;
      }
    }
    return { commentFrom: null, commentTo: entry.from, from: entry.from, to: entry.to };
  }

  #covers(extent: Extent, offset: number): boolean {
    const from = this.#lines.lineStart(extent.commentFrom ?? extent.from);
    return offset >= from && offset <= this.#lineEnd(extent.to);
  }

  #lineEnd(offset: number): number {
    const rest = this.#text.slice(offset).search(/[\r\n]/);
    return rest < 0 ? this.#text.length : offset + rest;
  }
}

/** Whether an annotated name can be a function: it is one, or an expression makes its value. */
function canHoldFunction({ shape, value, exportNames }: OutlineEntry): boolean {
  if (exportNames.length === 0) return false;
  if (shape) return !shape.generator;
  return value !== null && ['CallExpression', 'VariableName', 'MemberExpression'].includes(value.name);
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
