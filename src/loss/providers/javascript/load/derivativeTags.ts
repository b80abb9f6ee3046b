import type { Comment, Node, Statement } from '@babel/types';
import type { DerivativeTag } from '../../../../autodiff/instrument/source';
import { walk } from '../../../../autodiff/syntax/nodes';
import { scopesOf } from '../../../../autodiff/syntax/scopes';
import { nearest } from '../../../../core/config/nearest';
import { type RawTag, readTags } from '../../../annotation/annotationText';
import type { ModuleGraph } from './moduleGraph';
import type { ParsedModule } from './parseModule';
import { type PassContext, report } from './pass';

/** Whether a module of a program defines a derivative. */
export function hasDerivativeTags({ nodes }: ModuleGraph): boolean {
  return [...nodes.values()].some(
    (node) => node.kind === 'code' && mayHaveTags(node.module) && tagsIn(node.module).length > 0,
  );
}

function mayHaveTags({ text }: ParsedModule): boolean {
  return text.includes('@derivative');
}

/** The derivatives that a module defines. Tags without a function, or of an unknown function, are reported. */
export function derivativeTags(context: PassContext): DerivativeTag[] {
  const { module } = context;
  if (!mayHaveTags(module)) return [];
  const { top } = scopesOf(module.program);
  return tagsIn(module).flatMap(({ tag, node }) => {
    const functionName = tag.value.text;
    const [from, to] = rangeOf(tag);
    const problem = (message: string) => {
      report(context, { start: from, end: to }, 'bad-derivative', message);
      return [];
    };
    const derivativeName = module.program.body.includes(node as Statement) ? declaredName(node) : null;
    if (derivativeName === null)
      return problem(
        '@derivative must stand before a function at the top level of the module that has a name; give it one',
      );
    if (
      !/^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u.test(functionName)
    )
      return problem(
        `@derivative takes the name of one function, such as "@derivative erf" or "@derivative numeric.norm2", not "${functionName}"`,
      );
    const root = functionName.split('.')[0]!;
    if (!top.has(root)) {
      const near = nearest(root, [...top.keys()]);
      return problem(
        `@derivative ${functionName}: ${root} is not declared or imported at the top level of this module${near === undefined ? '' : `; did you mean ${near}?`}`,
      );
    }
    return [{ functionName, derivativeName, from, to }];
  });
}

function rangeOf({ from, nameTo, value }: RawTag): [number, number] {
  return [from, value.text === '' ? nameTo : value.at(value.text.length - 1) + 1];
}

function tagsIn({ text, program }: ParsedModule): { readonly tag: RawTag; readonly node: Node }[] {
  const found: { tag: RawTag; node: Node }[] = [];
  const seen = new Set<Comment>();
  walk(program, (node) => {
    for (const comment of node.leadingComments ?? []) {
      if (comment.type !== 'CommentBlock' || !comment.value.startsWith('*') || seen.has(comment)) continue;
      seen.add(comment);
      for (const tag of readTags(text, comment.start!, comment.end!))
        if (tag.name === 'derivative') found.push({ tag, node });
    }
    return true;
  });
  return found;
}

/** The name of the function that a statement declares; null if it declares none, or several. */
function declaredName(statement: Node): string | null {
  const declaration =
    (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
    statement.declaration
      ? statement.declaration
      : statement;
  if (declaration.type === 'FunctionDeclaration') return declaration.id?.name ?? null;
  if (declaration.type !== 'VariableDeclaration' || declaration.declarations.length !== 1) return null;
  const [{ id } = { id: null }] = declaration.declarations;
  return id?.type === 'Identifier' ? id.name : null;
}
