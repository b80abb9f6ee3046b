import type { Tree } from '@lezer/common';
import { isNamedStart } from '../../../core/config/runConfig';
import { readAnnotation } from '../../annotation/annotation';
import type { Span } from '../../annotation/annotationValue';
import type { Annotation, DeclaredForm, DeclaredOptimizer, LossDeclaration } from '../../declaration';
import { LineMap } from '../../places/lineMap';
import { Intervals } from '../intervals';
import { lossDeclaration } from '../lossDeclaration';
import type { LossReader } from '../lossReader';
import { hasOptimizerTag } from '../optimizerStep';
import { commentsOf } from './annotatedComment';
import { type CalledFunction, withArguments } from './calledFunction';
import { declaredForm, type FormHints, noHints, unknownForm } from './declaredForm';
import { isLossByName, mayNameLoss } from './lossByName';
import { type ModuleOutline, type OutlineEntry, outlineOf } from './moduleOutline';
import { innermostFunction } from './nestedFunction';
import { parameterSpans } from './parameterSpans';
import { mayAnnotate } from './quickTests';
import { type Signature, signatureOf } from './signature';
import { keysOfLiteral, lengthOfLiteral } from './startLiteral';
import { parsePython } from './syntaxTree';
import { TypeReader } from './typeReader';
import { unpackingOf } from './unpacking';

/** An entry with the range of its definition, and of the comment above it that is its annotation. */
interface Placed {
  readonly entry: OutlineEntry;
  readonly annotation: Annotation | null;
  readonly from: number;
  readonly to: number;
}

/** The functions of a Python module, and the methods of its objects and classes, with their annotations. */
export class PythonModuleReader implements LossReader {
  readonly #lines: LineMap;
  readonly #tree: Tree;
  readonly #outline: ModuleOutline;
  readonly #types: TypeReader;
  readonly #mayAnnotate: boolean;
  readonly #placed = new Map<OutlineEntry, Placed>();
  #places: Intervals<Placed> | undefined;
  #usableEntries: readonly OutlineEntry[] | undefined;
  #forms: ReadonlyMap<string, DeclaredForm> | undefined;

  readonly #text: string;
  readonly #file: string;

  /** @param tree  the syntax tree of the text, if it has been parsed already */
  constructor(text: string, file: string, tree = parsePython(text)) {
    this.#text = text;
    this.#file = file;
    this.#lines = new LineMap(file, text);
    this.#tree = tree;
    this.#mayAnnotate = mayAnnotate(text);
    const outline = outlineOf(tree.topNode, text);
    this.#outline = outline;
    this.#types = new TypeReader(text, {
      alias: (name) => outline.variables.get(name) ?? null,
      classNamed: (name) => outline.classes.get(name) ?? null,
    });
  }

  declarations(atLeast?: 'cursor'): LossDeclaration[] {
    return this.#usable().flatMap((entry) => {
      const declaration = this.#declaration(this.#place(entry), atLeast);
      return declaration ? [declaration] : [];
    });
  }

  losses(mode: 'annotated' | 'named'): LossDeclaration[] {
    return this.declarations().filter(
      ({ foundBy, exportName }) =>
        exportName !== null && (foundBy === 'annotation' || (foundBy === 'name' && mode === 'named')),
    );
  }

  at(offset: number): LossDeclaration | null {
    const found = this.#around(offset);
    return found && this.#declaration(found, 'cursor');
  }

  namedAt(offset: number, name: string): LossDeclaration | null {
    const found = this.#around(offset);
    return found?.entry.name === name ? this.#declaration(found, 'cursor') : null;
  }

  named(name: string): LossDeclaration | null {
    const candidates = this.#usable();
    const found =
      candidates.find(({ exportName }) => exportName === name) ??
      candidates.find((entry) => entry.name === name);
    return found ? this.#declaration(this.#place(found), 'cursor') : null;
  }

  /**
   * The functions, the classes that are optimizers, and the variables that hold a function or are marked as a loss. A
   * variable replaces a function of its name (`loss = jax.jit(loss)`) if it is marked, and is left out otherwise.
   */
  #usable(): readonly OutlineEntry[] {
    if (this.#usableEntries) return this.#usableEntries;
    const { entries } = this.#outline;
    const functions = new Set(entries.flatMap(({ kind, name }) => (kind === 'variable' ? [] : [name])));
    const marked = new Set(
      entries.filter((entry) => entry.kind === 'variable' && this.#isMarked(entry)).map(({ name }) => name),
    );
    this.#usableEntries = entries.filter((entry) => {
      const { kind, name, called } = entry;
      if (kind === 'variable') return marked.has(name) || (called !== null && !functions.has(name));
      return !marked.has(name) && (kind === 'function' || this.#isOptimizer(entry));
    });
    return this.#usableEntries;
  }

  #isMarked(entry: OutlineEntry): boolean {
    return this.#place(entry).annotation?.tags.some(({ name }) => name === 'loss') ?? false;
  }

  #around(offset: number): Placed | null {
    this.#places ??= new Intervals(
      this.#usable().map((entry) => {
        const placed = this.#place(entry);
        const from = this.#lines.lineStart(this.#extent(placed).from);
        return { from, to: this.#lines.lineEnd(placed.to), value: placed };
      }),
    );
    const [innermost] = this.#places
      .at(offset)
      .sort((a, b) => isLoadable(b) - isLoadable(a) || a.to - a.from - (b.to - b.from));
    if (innermost) return innermost;
    const nested = innermostFunction(this.#tree, this.#text, offset);
    return nested && this.#place(nested);
  }

  #place(entry: OutlineEntry): Placed {
    const known = this.#placed.get(entry);
    if (known) return known;
    const { from, to } = entry.statement;
    const placed = {
      entry,
      annotation: this.#annotation(entry),
      from,
      to: from + this.#text.slice(from, to).trimEnd().length,
    };
    this.#placed.set(entry, placed);
    return placed;
  }

  /** The first comment with a tag. */
  #annotation({ node, statement }: OutlineEntry): Annotation | null {
    if (!this.#mayAnnotate) return null;
    for (const { from, to } of commentsOf(node, statement, this.#tree, this.#lines)) {
      if (!mayAnnotate(this.#text.slice(from, to))) continue;
      const annotation = readAnnotation(this.#lines, from, to, 'python');
      if (annotation.tags.length > 0 || annotation.problems.length > 0) return annotation;
    }
    return null;
  }

  #isOptimizer(entry: OutlineEntry): boolean {
    return (
      entry.kind !== 'variable' &&
      entry.exportName !== null &&
      this.#mayAnnotate &&
      hasOptimizerTag(this.#place(entry).annotation)
    );
  }

  #declaration(placed: Placed, atLeast?: 'cursor'): LossDeclaration | null {
    const { entry, annotation } = placed;
    const { kind, name, exportName, nameNode, called } = entry;
    const lastName = name.slice(name.lastIndexOf('.') + 1);
    const isMarked = this.#isMarked(entry);
    // Most functions are no losses, and their types need not be read.
    if (!isMarked && !atLeast && !mayNameLoss(lastName)) return null;
    const startExport = this.#startOf([exportName ?? name, lastName]);
    const start = startExport === null ? null : (this.#outline.variables.get(startExport) ?? null);
    const startKeys = start && keysOfLiteral(start, this.#text);
    const signature = called && this.#signature(called);
    const form =
      called && signature
        ? declaredForm(signature, this.#hints(called, signature, annotation, startKeys))
        : unknownForm;
    const isNamed =
      signature !== null && !called?.isAlias && isLossByName(lastName, signature, form, startExport !== null);
    const foundBy = isMarked && kind !== 'class' ? 'annotation' : isNamed ? 'name' : atLeast;
    if (!foundBy) return null;
    return lossDeclaration(
      {
        language: 'python',
        file: this.#file,
        name,
        exportName,
        nameSpan: nameNode,
        extent: this.#extent(placed),
        statement: placed,
        foundBy,
        spans: called && signature && parameterSpans(called.node, this.#text, signature, form),
        form,
        forms: () => this.#allForms(),
        optimizers: () => this.#optimizers(),
        startExport,
        startKeys,
        startLength: start && lengthOfLiteral(start, this.#text),
        annotation,
      },
      this.#lines,
    );
  }

  /** The range of the definition with its decorators, and with its annotation if that is above it. */
  #extent({ annotation, from, to }: Placed): Span {
    const start = annotation ? this.#lines.range(annotation.location).from : from;
    return { from: Math.min(start, from), to };
  }

  /** The variable with the start of a loss: `loss_start`, `lossStart` or `LOSS_START`. */
  #startOf(names: readonly string[]): string | null {
    const candidates = names
      .map((name) => name.replaceAll('.', '_'))
      .flatMap((name) => [`${name}_start`, `${name}Start`, `${name}_START`, `${name.toUpperCase()}_START`]);
    return candidates.find((each) => this.#outline.variables.has(each)) ?? null;
  }

  #signature({ node, isBound, given }: CalledFunction): Signature {
    return withArguments(signatureOf(node, this.#text, this.#types, isBound), given);
  }

  #hints(
    { node }: CalledFunction,
    { parameters }: Signature,
    annotation: Annotation | null,
    startKeys: readonly string[] | null,
  ): FormHints {
    const { words } = annotation ?? {};
    const start = annotation?.patch.start;
    const [first] = parameters;
    return {
      unpacked: first ? unpackingOf(node, first.name, this.#text) : null,
      startNames: start ? (isNamedStart(start) ? Object.keys(start) : null) : startKeys,
      given: !words?.has('module') ? 0 : words.has('data') ? 2 : 1,
      hasStructure: words?.has('params') ?? false,
    };
  }

  /** How each function of the module is called. */
  #allForms(): ReadonlyMap<string, DeclaredForm> {
    this.#forms ??= new Map(
      this.#usable().flatMap((entry) => {
        const { called, exportName } = entry;
        if (exportName === null || called === null) return [];
        const signature = this.#signature(called);
        const { annotation } = this.#place(entry);
        const [first] = signature.parameters;
        const unpacked = first ? unpackingOf(called.node, first.name, this.#text) : null;
        const hints = annotation
          ? this.#hints(called, signature, annotation, null)
          : { ...noHints, unpacked };
        return [[exportName, declaredForm(signature, hints)] as const];
      }),
    );
    return this.#forms;
  }

  #optimizers(): ReadonlyMap<string, DeclaredOptimizer> {
    return new Map(
      this.#outline.entries
        .filter((entry) => this.#isOptimizer(entry))
        .map((entry) => {
          const { nameNode, called, exportName } = entry;
          const form = called ? declaredForm(this.#signature(called), noHints) : unknownForm;
          const reference = this.#place(entry).annotation?.patch.optimizer ?? {};
          return [
            exportName!,
            { reference, form, location: this.#lines.location(nameNode.from, nameNode.to) },
          ];
        }),
    );
  }
}

function isLoadable({ entry }: Placed): number {
  return Number(entry.exportName !== null);
}
