import type { SyntaxNode, Tree } from '@lezer/common';
import { readAnnotation } from '../../annotation/annotation';
import type { Span } from '../../annotation/annotationValue';
import type { Annotation, DeclaredForm, DeclaredOptimizer, LossDeclaration } from '../../declaration';
import { LineMap } from '../../places/lineMap';
import { baseName } from '../candidateFile';
import { Intervals } from '../intervals';
import { lossDeclaration } from '../lossDeclaration';
import { isCommonName, isLossByName, namesLoss, writesVectorType } from '../lossName';
import type { LossReader } from '../lossReader';
import { hasOptimizerTag } from '../optimizerStep';
import { declaredForm, unknownForm } from './declaredForm';
import { returnedFunction } from './factory';
import { isGenerator, keysIn, numbersIn } from './functionSyntax';
import type { ImportedTypes } from './importedTypes';
import { jsdocTags } from './jsdoc';
import { type OutlineEntry, outlineOf } from './moduleOutline';
import { ModuleTypes } from './moduleTypes';
import { innermostNamedFunction } from './nestedFunction';
import { parameterSpans } from './parameterSpans';
import { documentedSignature, signatureOf, withTypesOf } from './signature';
import { isComment, parseTolerantly } from './syntaxTree';
import type { Signature } from './typeShape';

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
export class ModuleReader implements LossReader {
  readonly #lines: LineMap;
  readonly #tree: Tree;
  readonly #entries: readonly OutlineEntry[];
  /** For each exported name, the first entry that is exported under it. */
  readonly #exports = new Map<string, OutlineEntry>();
  readonly #types: ModuleTypes;
  #places: Intervals<Placed> | undefined;
  #forms: ReadonlyMap<string, DeclaredForm> | undefined;
  #functions: ReadonlyMap<string, SyntaxNode> | undefined;

  readonly #text: string;
  readonly #file: string;

  /**
   * @param imported  the types of other modules, for the parameters of functions
   * @param tree      the syntax tree of the text, if it has been parsed already
   */
  constructor(text: string, file: string, imported: ImportedTypes, tree = parseTolerantly(text, file)) {
    this.#text = text;
    this.#file = file;
    this.#lines = new LineMap(file, text);
    this.#tree = tree;
    this.#entries = outlineOf(this.#tree, text);
    this.#types = new ModuleTypes(this.#tree, text, file, imported);
    for (const entry of this.#entries)
      for (const name of entry.exportNames) if (!this.#exports.has(name)) this.#exports.set(name, entry);
  }

  declarations(atLeast?: 'cursor'): LossDeclaration[] {
    return this.#entries.flatMap((entry) => {
      const declaration = this.#declaration(entry, this.#extent(entry), atLeast);
      return declaration ? [declaration] : [];
    });
  }

  losses(mode: 'annotated' | 'named'): LossDeclaration[] {
    return this.declarations().filter(({ foundBy, exportName }) => {
      if (exportName === null) return false;
      return foundBy === 'annotation' || (foundBy === 'name' && mode === 'named');
    });
  }

  at(offset: number): LossDeclaration | null {
    const found = this.#around(offset);
    return found && this.#declaration(found.entry, found.extent, 'cursor');
  }

  namedAt(offset: number, name: string): LossDeclaration | null {
    const found = this.#around(offset);
    return found && this.#nameOf(found.entry) === name
      ? this.#declaration(found.entry, found.extent, 'cursor')
      : null;
  }

  named(name: string): LossDeclaration | null {
    const candidates = this.#entries.filter(
      (entry) =>
        (entry.functionNode !== null && !isGenerator(entry.functionNode)) ||
        canHoldFunction(entry) ||
        this.#isOptimizer(entry),
    );
    const found =
      candidates.find((entry) => entry.exportNames.includes(name)) ??
      candidates.find((entry) => this.#nameOf(entry) === name);
    return found ? this.#declaration(found, this.#extent(found), 'cursor') : null;
  }

  /** Whether an exported class or object is marked as an optimizer. */
  #isOptimizer(entry: OutlineEntry): boolean {
    return (
      entry.exportNames.length > 0 &&
      this.#text.includes('@optimizerStep') &&
      hasOptimizerTag(this.#annotation(this.#extent(entry)))
    );
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
    const lastName = name.slice(name.lastIndexOf('.') + 1);
    // Most functions are no losses, and their types need not be read.
    if (!marked && !atLeast && !namesLoss(lastName)) return null;
    const signature = this.#signature(entry, extent);
    const form = signature ? declaredForm(signature) : unknownForm;
    const isNamed =
      signature !== null &&
      entry.functionNode !== null &&
      !isGenerator(entry.functionNode) &&
      !(annotation?.tags.some((tag) => tag.name === 'derivative') ?? false) &&
      // `mayHoldLoss` reads neither escapes nor other characters.
      /^[\w$\u0080-\uffff.]+$/.test(name) &&
      !(entry.nameNode && this.#text.slice(entry.nameNode.from, entry.nameNode.to).includes('\\')) &&
      isLossByName(lastName, signature, form.unfilled) &&
      (!isCommonName(lastName) || writesVectorType(this.#text));
    const foundBy = marked && canHoldFunction(entry) ? 'annotation' : isNamed ? 'name' : atLeast;
    if (!foundBy) return null;
    const startNames = [exportName, name, lastName].flatMap((base) =>
      base === null ? [] : [`${base}Start`],
    );
    const startExport = startNames.find((each) => this.#exports.has(each)) ?? null;
    const start = (startExport === null ? undefined : this.#exports.get(startExport))?.value;
    const { functionNode } = entry;
    return lossDeclaration(
      {
        language: 'javascript',
        file: this.#file,
        name,
        exportName,
        nameSpan: this.#nameSpan(entry),
        extent: { from: extent.commentFrom ?? extent.from, to: extent.to },
        statement: extent,
        foundBy,
        spans: functionNode && parameterSpans(functionNode, this.#text, form),
        form,
        forms: () => this.#exportedForms(),
        optimizers: () => this.#optimizers(),
        startExport,
        startKeys: start ? keysIn(start, this.#text) : null,
        startLength: start ? (numbersIn(start, this.#text)?.length ?? null) : null,
        annotation,
      },
      this.#lines,
    );
  }

  /** The range of the name; of an entry without one, its first line. */
  #nameSpan({ nameNode, from, to }: OutlineEntry): Span {
    return nameNode ?? { from, to: Math.min(to, this.#lines.lineEnd(from)) };
  }

  #optimizers(): ReadonlyMap<string, DeclaredOptimizer> {
    const found = new Map<string, DeclaredOptimizer>();
    for (const [name, entry] of this.#exports) {
      if (!this.#isOptimizer(entry)) continue;
      const extent = this.#extent(entry);
      const signature = this.#signature(entry, extent);
      const span = this.#nameSpan(entry);
      found.set(name, {
        reference: this.#annotation(extent)?.patch.optimizer ?? {},
        form: signature ? declaredForm(signature) : unknownForm,
        location: this.#lines.location(span.from, span.to),
      });
    }
    return found;
  }

  /** How each exported function is called. */
  #exportedForms(): ReadonlyMap<string, DeclaredForm> {
    if (!this.#forms) {
      const forms = new Map<string, DeclaredForm>();
      this.#forms = forms;
      for (const [name, entry] of this.#exports) {
        const signature = canHoldFunction(entry) ? this.#signature(entry, this.#extent(entry)) : null;
        if (signature) forms.set(name, declaredForm(signature));
      }
    }
    return this.#forms;
  }

  /**
   * The parameters of a function and its result. Its own types come first, then those of its JSDoc comment, then
   * the type of the variable. null if nothing declares them.
   */
  #signature(
    { functionNode, overloads, value, typeNode }: OutlineEntry,
    { commentFrom, commentTo }: Extent,
  ): Signature | null {
    const types = this.#types;
    const read = (node: SyntaxNode) => signatureOf({ node, text: this.#text }, types);
    const tags = commentFrom === null ? [] : jsdocTags(this.#text.slice(commentFrom, commentTo));
    // A cast: `= /** @type {(w: number[]) => number} */ ((w) => …)`.
    const before = value ? endBefore(this.#text, value.from) : 0;
    const cast = this.#text.endsWith('*/', before) ? this.#commentBefore(before) : null;
    const type = [...tags, ...(cast ? jsdocTags(this.#text.slice(cast.from, cast.to)) : [])].find(
      ({ tag }) => tag === 'type',
    );
    const shapes = [
      ...(typeNode ? [types.shapeOf(typeNode)] : []),
      ...(type ? [types.shapeOfText(type.type)] : []),
    ];
    const declared = shapes.flatMap((shape) =>
      shape.kind === 'function' && shape.signature ? [shape.signature] : [],
    );
    const node =
      functionNode ?? (value && returnedFunction(value, this.#text, (name) => this.#functionNamed(name)));
    if (!node) return declared[0] ?? null;
    const own = read(node);
    const documented = documentedSignature(own, tags, types.shapeOfText);
    // The declared types of an overload replace those of the implementation, as in TypeScript.
    const overloaded = overloads
      .map(read)
      .reduceRight(
        (signature: Signature | null, each) => (signature ? withTypesOf(each, signature) : each),
        null,
      );
    const base = overloaded ? withTypesOf(withoutTypes(own, overloaded), overloaded) : own;
    return [documented, ...declared].reduce(withTypesOf, base);
  }

  #functionNamed(name: string): SyntaxNode | null {
    this.#functions ??= new Map(
      this.#entries.flatMap((entry) =>
        entry.name !== null && entry.functionNode ? [[entry.name, entry.functionNode] as const] : [],
      ),
    );
    return this.#functions.get(name) ?? null;
  }

  #annotation(extent: Extent): Annotation | null {
    return extent.commentFrom === null
      ? null
      : readAnnotation(this.#lines, extent.commentFrom, extent.commentTo, 'javascript');
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
        .filter((entry) => entry.functionNode !== null || this.#isOptimizer(entry))
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
function canHoldFunction({ functionNode, value, exportNames }: OutlineEntry): boolean {
  if (exportNames.length === 0) return false;
  if (functionNode) return !isGenerator(functionNode);
  return value !== null && expressions.has(value.name);
}

const expressions = new Set(['CallExpression', 'NewExpression', 'VariableName', 'MemberExpression']);

/** The signature without the types of the parameters that the other one declares. */
function withoutTypes(signature: Signature, other: Signature): Signature {
  return {
    parameters: signature.parameters.map((parameter, index) =>
      other.parameters[index]?.typeText == null
        ? parameter
        : { ...parameter, type: { kind: 'unknown' }, typeText: null },
    ),
    returns: other.returns ?? signature.returns,
  };
}

/** The end of the text before an offset, without trailing white space. */
function endBefore(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return end;
}
