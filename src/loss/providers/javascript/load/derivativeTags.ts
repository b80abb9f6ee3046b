import type { Comment, Node, Statement } from '@babel/types';
import type { DerivativeTag } from '../../../../autodiff/instrument/source';
import { walk } from '../../../../autodiff/syntax/nodes';
import { scopesOf } from '../../../../autodiff/syntax/scopes';
import { derivativeProblem, derivativeSpan } from '../../../annotation/derivativeTag';
import { readTags } from '../../../annotation/jsdoc/readTags';
import type { RawTag } from '../../../annotation/placedText';
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
    const isAtTop = module.program.body.includes(node as Statement);
    const derivativeName = isAtTop ? declaredName(node) : null;
    const problem = derivativeProblem(tag, derivativeName, top.keys());
    if (problem)
      report(context, { start: problem.span.from, end: problem.span.to }, 'bad-derivative', problem.message);
    if (problem || derivativeName === null) return [];
    return [{ functionName: tag.value.text, derivativeName, ...derivativeSpan(tag) }];
  });
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
