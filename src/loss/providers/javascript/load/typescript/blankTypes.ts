import type {
  ArrowFunctionExpression,
  Class,
  ClassAccessorProperty,
  ClassBody,
  ClassMethod,
  ClassPrivateMethod,
  ClassPrivateProperty,
  ClassProperty,
  Function as FunctionNode,
  Node,
  TSAsExpression,
  TSDeclareMethod,
  TSSatisfiesExpression,
  TSTypeAssertion,
} from '@babel/types';
import { childNodes } from '../../../../../autodiff/syntax/nodes';
import { endOf, type Pass, type PassContext, startOf } from '../pass';
import { findOutsideComments, hasLineEnd, skipTrivia } from '../trivia';
import { rewriteEnum } from './enums';
import { isErasedStatement } from './erasedStatements';
import { rewriteParameterProperties } from './parameterProperties';
import { isTypeNode } from './typeNodes';

export interface BlankOptions {
  /**
   * The effect of a class field without a value. In JavaScript it defines the property as undefined. In
   * TypeScript with a target before ES2022, or with `useDefineForClassFields` off, it has no effect.
   */
  readonly uninitializedFields: 'define' | 'drop';
}

/**
 * Converts TypeScript to JavaScript in place. Types become white space, so that all lines and columns stay
 * the same. Enums and parameter properties, which have an effect at run time, are rewritten within their
 * lines. Other syntax with an effect at run time (namespaces with values, decorators, JSX) was replaced
 * before; see `lowerSyntax`.
 *
 * Blanking must not join two statements. The first blank becomes a `;` where the next line could continue the
 * expression (`(`, `[`, a template), and where a whole statement or class member is removed.
 */
export function blankTypes(options: BlankOptions): Pass {
  return (context) => new Blanker(context, options).run();
}

type ClassMember = ClassBody['body'][number];
type Field = ClassProperty | ClassPrivateProperty | ClassAccessorProperty;
type Method = ClassMethod | ClassPrivateMethod | TSDeclareMethod;

const erasedModifiers = new Set([
  'public',
  'private',
  'protected',
  'readonly',
  'override',
  'abstract',
  'declare',
]);
const keptModifiers = new Set(['static', 'async', 'get', 'set', 'accessor']);

class Blanker {
  readonly #context: PassContext;
  readonly #options: BlankOptions;
  readonly #text: string;
  /** Nodes that a handler has already processed. */
  readonly #done = new Set<Node>();

  constructor(context: PassContext, options: BlankOptions) {
    this.#context = context;
    this.#options = options;
    this.#text = context.module.text;
  }

  run(): void {
    const { program } = this.#context.module;
    this.#visit(program, null);
  }

  #visit(node: Node, parent: Node | null): void {
    if (this.#done.has(node) || !this.#enter(node, parent)) return;
    for (const child of childNodes(node)) this.#visit(child, node);
  }

  /** Processes one node. Returns false if its child nodes need no visit. */
  #enter(node: Node, parent: Node | null): boolean {
    if (isErasedStatement(node)) {
      this.#blank(node, ';');
      return false;
    }
    switch (node.type) {
      case 'TSTypeAnnotation':
      case 'TSTypeParameterDeclaration':
      case 'TSTypeParameterInstantiation':
        this.#blank(node);
        return false;
      case 'Identifier':
        if (node.optional) this.#blankMark('?', startOf(node) + 1, endOf(node));
        return true;
      case 'VariableDeclarator':
        if (node.definite) this.#blankMark('!', startOf(node) + 1, endOf(node.id));
        return true;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        this.#assertionAfter(node, parent);
        this.#visit(node.expression, node);
        return false;
      case 'TSTypeAssertion':
        this.#assertionBefore(node, parent);
        this.#visit(node.expression, node);
        return false;
      case 'TSNonNullExpression':
        this.#context.edits.blank(endOf(node) - 1, endOf(node));
        return true;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ObjectMethod':
        this.#parameters(node);
        return true;
      case 'ArrowFunctionExpression':
        this.#parameters(node);
        this.#arrow(node);
        return true;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node);
        return true;
      case 'ClassMethod':
      case 'ClassPrivateMethod':
        return this.#method(node);
      case 'ClassProperty':
      case 'ClassPrivateProperty':
        return this.#field(node);
      case 'TSDeclareMethod':
      case 'TSIndexSignature':
        this.#blank(node, ';');
        return false;
      case 'TSEnumDeclaration':
        rewriteEnum(this.#context, node, parent);
        return true;
      default:
        return !isTypeNode(node);
    }
  }

  #parameters(node: FunctionNode): void {
    const first = node.params[0];
    if (first?.type !== 'Identifier' || first.name !== 'this') return;
    this.#done.add(first);
    const next = skipTrivia(this.#text, endOf(first));
    this.#context.edits.blank(startOf(first), this.#text[next] === ',' ? next + 1 : endOf(first));
  }

  /**
   * An arrow function must not have a line break before its `=>`, or between `return` or `async` and its
   * parameters. If a blanked type contains a line break, the closing parenthesis moves to the end of the
   * return type, and the opening one to the start of the type parameters.
   */
  #arrow(node: ArrowFunctionExpression): void {
    const { typeParameters, returnType, params } = node;
    const { edits } = this.#context;
    let open = startOf(node);
    if (typeParameters) {
      open = findOutsideComments(this.#text, '(', endOf(typeParameters), endOf(node));
      if (hasLineEnd(this.#text, startOf(typeParameters), open)) {
        this.#done.add(typeParameters);
        edits.blank(startOf(typeParameters), endOf(typeParameters), '(');
        edits.blank(open, open + 1);
      }
    }
    if (!returnType || !hasLineEnd(this.#text, startOf(returnType), endOf(returnType))) return;
    const last = params.at(-1);
    const close = findOutsideComments(this.#text, ')', last ? endOf(last) : open, startOf(returnType));
    if (close < 0) return;
    this.#done.add(returnType);
    edits.blank(close, close + 1);
    edits.blank(startOf(returnType), endOf(returnType) - 1);
    edits.replace(endOf(returnType) - 1, endOf(returnType), ')');
  }

  /** `x as T`, `x satisfies T` */
  #assertionAfter(node: TSAsExpression | TSSatisfiesExpression, parent: Node | null): void {
    const { expression } = node;
    const next = this.#text[skipTrivia(this.#text, endOf(node))] ?? '';
    // `x as T` ends at a line break where `x` alone would continue on the next line.
    const ends =
      parent?.type !== 'TSAsExpression' && parent?.type !== 'TSSatisfiesExpression' && /[([`]/.test(next);
    const isLeft =
      (parent?.type === 'BinaryExpression' || parent?.type === 'LogicalExpression') && parent.left === node;
    this.#context.edits.blank(endOf(expression), endOf(node), ends && !isLeft ? ';' : '');
    // `a + b as T * c` means `(a + b) * c`.
    if (isLeft && needsParentheses(expression)) this.#parenthesize(expression);
  }

  #parenthesize(expression: Node): void {
    this.#context.edits.wrap(startOf(expression), endOf(expression), '(', ')');
  }

  /**
   * `<T>x`. The parentheses are needed for `=> <T>{}`, where `{}` must stay an object, and for `return <T>`
   * with a line break before the value. Where the user wrote parentheses, no more are added: a pass may have to remove
   * them around the target of an assignment.
   */
  #assertionBefore(node: TSTypeAssertion, parent: Node | null): void {
    const { expression } = node;
    if (parent?.type === 'ParenthesizedExpression') {
      this.#context.edits.blank(startOf(node), startOf(expression));
      return;
    }
    this.#context.edits.blank(startOf(node), startOf(expression), '(');
    this.#context.edits.wrap(startOf(node), endOf(expression), '', ')');
  }

  #class(node: Class): void {
    const { edits } = this.#context;
    if (node.type === 'ClassDeclaration' && node.abstract) {
      const at = this.#text.startsWith('abstract', startOf(node)) ? startOf(node) : -1;
      if (at >= 0) edits.blank(at, at + 'abstract'.length);
    }
    const last = node.implements?.at(-1);
    if (last) {
      for (const each of node.implements ?? []) this.#done.add(each);
      const before = node.superTypeParameters ?? node.superClass ?? node.typeParameters ?? node.id;
      const from = before ? endOf(before) : this.#text.indexOf('class', startOf(node)) + 'class'.length;
      edits.blank(skipTrivia(this.#text, from), endOf(last));
    }
    rewriteParameterProperties(this.#context, node);
  }

  #method(node: Exclude<Method, TSDeclareMethod>): boolean {
    this.#modifiers(node);
    this.#parameters(node);
    if (node.optional) this.#blankMark('?', endOf(node.key), startOf(node.body));
    return true;
  }

  #field(node: Exclude<Field, ClassAccessorProperty>): boolean {
    const dropped =
      node.value == null &&
      !(node.type === 'ClassProperty' && node.computed) &&
      node.type !== 'ClassPrivateProperty' &&
      this.#context.module.isTypeScript &&
      this.#options.uninitializedFields === 'drop';
    if (dropped || (node.type === 'ClassProperty' && (node.declare || node.abstract))) {
      this.#blank(node, ';');
      return false;
    }
    this.#modifiers(node);
    const annotation = node.typeAnnotation;
    // Without a `;`, a field without a value would be joined with the name or bracket of the next member.
    const lead = node.value == null ? ';' : '';
    const marked = ('optional' in node && node.optional === true) || node.definite === true;
    if (marked) {
      const to = annotation ? startOf(annotation) : node.value ? startOf(node.value) : endOf(node);
      this.#blankMark(node.definite ? '!' : '?', endOf(node.key), to, lead);
    }
    if (annotation) {
      this.#done.add(annotation);
      this.#context.edits.blank(startOf(annotation), endOf(annotation), marked ? '' : lead);
    }
    return true;
  }

  /** Blanks the modifiers that only the type checker uses. */
  #modifiers(member: Exclude<ClassMember, { type: 'StaticBlock' }>): void {
    const { edits } = this.#context;
    const key = 'key' in member && member.key ? startOf(member.key) : endOf(member);
    let at = startOf(member);
    for (;;) {
      const word = /^[a-z]+/.exec(this.#text.slice(at, at + 12))?.[0];
      if (word === undefined || at >= key) return;
      if (erasedModifiers.has(word)) edits.blank(at, at + word.length, at === startOf(member) ? ';' : '');
      else if (!keptModifiers.has(word)) return;
      at = skipTrivia(this.#text, at + word.length);
    }
  }

  #blankMark(mark: '?' | '!', from: number, to: number, lead = ''): void {
    const at = findOutsideComments(this.#text, mark, from, to);
    if (at >= 0) this.#context.edits.blank(at, at + 1, lead);
  }

  #blank(node: Node, lead = ''): void {
    this.#context.edits.blank(startOf(node), endOf(node), lead);
  }
}

/** Whether an operator that follows the expression could bind to only a part of it. */
function needsParentheses(node: Node): boolean {
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression')
    return needsParentheses(node.expression);
  return [
    'BinaryExpression',
    'LogicalExpression',
    'UnaryExpression',
    'AwaitExpression',
    'ConditionalExpression',
    'YieldExpression',
    'ArrowFunctionExpression',
    'AssignmentExpression',
  ].includes(node.type);
}
