import type { SyntaxNode, Tree } from '@lezer/common';
import { readAnnotation } from '../../annotation/annotation';
import { derivativeProblem } from '../../annotation/derivativeTag';
import { readTags } from '../../annotation/jsdoc/readTags';
import { languageOf } from '../../language';
import { LineMap } from '../../places/lineMap';
import type { SourceProblem } from '../../problem';
import { baseName, isCandidateFile } from '../candidateFile';
import { childrenOf, isComment, parseTolerantly } from './syntaxTree';

/** The problems of all `@derivative` tags in a text, while it is typed. */
export function derivativeProblems(text: string, file: string): SourceProblem[] {
  if (languageOf(file) !== 'javascript' || !isCandidateFile(baseName(file))) return [];
  if (!text.includes('@derivative')) return [];
  const tree = parseTolerantly(text, file);
  const lines = new LineMap(file, text);
  const names = namesAtTop(tree, text);
  const problems: SourceProblem[] = [];
  tree.iterate({
    enter({ name, from, to, node }) {
      if (name !== 'BlockComment' || !text.startsWith('/**', from)) return;
      const tags = readTags(text, from, to).filter((tag) => tag.name === 'derivative');
      const [tag] = tags;
      if (!tag) return;
      const { problems: own, tags: all } = readAnnotation(lines, from, to, 'javascript');
      // The problems of a loss are reported with its annotation.
      if (!all.some((each) => each.name === 'loss')) problems.push(...own);
      const isReported = own.some(({ location }) => lines.range(location).to > tag.from);
      const found = isReported ? null : derivativeProblem(tag, functionAfter(node, text), names);
      if (!found) return;
      const { message, span, replacement } = found;
      problems.push({
        code: 'bad-derivative',
        severity: 'error',
        message,
        location: lines.location(span.from, span.to),
        ...(replacement === undefined ? {} : { replacement }),
      });
    },
  });
  return problems;
}

/** The names that a module declares or imports at its top level, in order. */
export function namesAtTop(tree: Tree, text: string): string[] {
  const names: string[] = [];
  const collect = (node: SyntaxNode) => {
    for (const child of childrenOf(node)) {
      if (child.name === 'VariableDefinition') names.push(text.slice(child.from, child.to));
      else if (declarations.test(child.name)) collect(child);
    }
  };
  collect(tree.topNode);
  return [...new Set(names)];
}

const declarations =
  /^(?:ExportDeclaration|ImportDeclaration|ImportGroup|VariableDeclaration|FunctionDeclaration|ClassDeclaration|EnumDeclaration|ArrayPattern|ObjectPattern|PatternProperty)$/;

/** The name of the function or variable that a top-level comment precedes. */
function functionAfter(comment: SyntaxNode, text: string): string | null {
  if (comment.parent?.parent) return null;
  let next = comment.nextSibling;
  while (next && isComment(next)) next = next.nextSibling;
  const declaration =
    next?.name === 'ExportDeclaration'
      ? (next.getChild('FunctionDeclaration') ?? next.getChild('VariableDeclaration'))
      : next;
  if (declaration?.name !== 'FunctionDeclaration' && declaration?.name !== 'VariableDeclaration') return null;
  const defined = declaration.getChildren('VariableDefinition');
  return defined.length === 1 ? text.slice(defined[0]!.from, defined[0]!.to) : null;
}
