import type { SyntaxNode, Tree } from '@lezer/common';
import { readAnnotation } from '../annotation/annotation';
import type { Span } from '../annotation/annotationValue';
import type { Annotation, LossDeclaration, ParameterPlaces } from '../declaration';
import { LineMap } from '../places/lineMap';
import { baseName } from './candidateFile';
import { numbersOf } from './functionShape';
import { Intervals } from './intervals';
import { isLossByName } from './lossName';
import { type OutlineEntry, outlineOf } from './moduleOutline';
import { innermostNamedFunction } from './nestedFunction';
import { parameterSpans } from './parameterSpans';
import { isComment, parseTolerantly } from './syntaxTree';

/** The range of a function and of its comment, as offsets. */
interface Extent {
  readonly commentFrom: number | null;
  readonly commentTo: number;
  readonly from: number;
  readonly to: number;
}

interface Placed {
  readonly entry: OutlineEntry;
  readonly extent: Extent;
}

/**
 * The top-level functions of one source text, with their annotations. Never throws, even if the text is
 * incomplete.
 */
export class ModuleReader {
  readonly #lines: LineMap;
  readonly #tree: Tree;
  readonly #entries: readonly OutlineEntry[];
  /** For each exported name, the first entry that is exported under it. */
  readonly #exports = new Map<string, OutlineEntry>();
  #places: Intervals<Placed> | undefined;

  readonly #text: string;
  readonly #file: string;

  /** @param tree  the syntax tree of the text, if it has been parsed already */
  constructor(text: string, file: string, tree = parseTolerantly(text, file)) {
    this.#text = text;
    this.#file = file;
    this.#lines = new LineMap(file, text);
    this.#tree = tree;
    this.#entries = outlineOf(this.#tree, text);
    for (const entry of this.#entries)
      for (const name of entry.exportNames) if (!this.#exports.has(name)) this.#exports.set(name, entry);
  }

  /** @param atLeast  'cursor' to include functions that are not losses */
  declarations(atLeast?: 'cursor'): LossDeclaration[] {
    return this.#entries.flatMap((entry) => {
      const declaration = this.#declaration(entry, this.#extent(entry), atLeast);
      return declaration ? [declaration] : [];
    });
  }

  /** The exported losses: those with an annotation, and in mode 'named' also those found by name. */
  losses(mode: 'annotated' | 'named'): LossDeclaration[] {
    return this.declarations().filter(({ foundBy, exportName }) => {
      if (exportName === null) return false;
      return foundBy === 'annotation' || (foundBy === 'name' && mode === 'named');
    });
  }

  /** The function at an offset. An exported function is preferred to a function nested inside it. */
  at(offset: number): LossDeclaration | null {
    const found = this.#around(offset);
    return found && this.#declaration(found.entry, found.extent, 'cursor');
  }

  /** The function at an offset; null if it has another name. */
  namedAt(offset: number, name: string): LossDeclaration | null {
    const found = this.#around(offset);
    return found && this.#nameOf(found.entry) === name
      ? this.#declaration(found.entry, found.extent, 'cursor')
      : null;
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

  #around(offset: number): Placed | null {
    const around = this.#functionsByPlace().at(offset);
    around.sort(
      (a, b) =>
        Number(b.entry.exportNames.length > 0) - Number(a.entry.exportNames.length > 0) ||
        a.extent.to - a.extent.from - (b.extent.to - b.extent.from),
    );
    if (around[0]) return around[0];
    const nested = innermostNamedFunction(this.#tree, this.#text, offset);
    return nested && { entry: nested, extent: this.#extent(nested) };
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
    const startExport = startNames.find((each) => this.#exports.has(each)) ?? null;
    const start = startExport === null ? undefined : this.#exports.get(startExport);
    const startLength = start?.value ? (numbersOf(start.value, this.#text)?.length ?? null) : null;
    return {
      file: this.#file,
      name,
      exportName,
      location: entry.nameNode
        ? this.#lines.location(entry.nameNode.from, entry.nameNode.to)
        : this.#lines.location(entry.from, Math.min(entry.to, this.#lines.lineEnd(entry.from))),
      extent: this.#lines.location(extent.commentFrom ?? extent.from, extent.to),
      statement: this.#lines.location(extent.from, Math.min(extent.to, this.#lines.lineEnd(extent.from))),
      foundBy,
      dim: annotation?.patch.start?.length ?? entry.shape?.pattern?.arity ?? startLength,
      parameterNames: entry.shape?.pattern?.names ?? null,
      parameter: this.#parameter(entry),
      wantsFloat64Array: /^Float64Array(?:<.*>)?$/.test(entry.shape?.parameterType ?? ''),
      startExport,
      annotation,
    };
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

  /** The range of the declaration and the doc comment before it. Other comments may be between the two. */
  #extent(entry: OutlineEntry): Extent {
    for (const anchor of entry.anchors) {
      let at = anchor.from;
      for (;;) {
        const end = endBefore(this.#text, at);
        const comment = this.#commentBefore(end);
        if (!comment) break;
        if (isDocComment(comment, this.#text))
          return { commentFrom: comment.from, commentTo: end, from: anchor.from, to: entry.to };
        at = comment.from;
      }
    }
    return { commentFrom: null, commentTo: entry.from, from: entry.from, to: entry.to };
  }

  /**
   * The comment that ends at an offset. A traversal of the whole tree would take almost as long as parsing.
   */
  #commentBefore(end: number): SyntaxNode | null {
    const node = this.#tree.resolveInner(end, -1);
    return isComment(node) && node.to === end ? node : null;
  }

  /**
   * The top-level functions by their positions. A range includes the whole lines of comment and declaration.
   */
  #functionsByPlace(): Intervals<Placed> {
    this.#places ??= new Intervals(
      this.#entries
        .filter(({ shape }) => shape !== null)
        .map((entry) => {
          const extent = this.#extent(entry);
          const from = this.#lines.lineStart(extent.commentFrom ?? extent.from);
          return { from, to: this.#lines.lineEnd(extent.to), value: { entry, extent } };
        }),
    );
    return this.#places;
  }
}

function isDocComment({ name, from, to }: SyntaxNode, text: string): boolean {
  return name === 'BlockComment' && /^\/\*\*(?!\/)/.test(text.slice(from, Math.min(to, from + 4)));
}

/** Whether an annotated name can be a function: it is one, or its value is the result of an expression. */
function canHoldFunction({ shape, value, exportNames }: OutlineEntry): boolean {
  if (exportNames.length === 0) return false;
  if (shape) return !shape.generator;
  return (
    value !== null &&
    ['CallExpression', 'NewExpression', 'VariableName', 'MemberExpression'].includes(value.name)
  );
}

/** The end of the text before an offset, without trailing white space. */
function endBefore(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return end;
}
