import type { Node } from '@babel/types';
import { bare, evaluatedChildren, isFunction } from '../../../../autodiff/syntax/nodes';
import type { Origin } from '../../../../core/diagnosis/finding';
import type { EditProposal } from '../../../../core/diagnosis/fixes';
import { LineMap } from '../../../places/lineMap';
import type { SourceBase } from '../../../source';
import { parseModule } from '../load/parseModule';
import { Code, type Recogniser, type Replacement } from './code';
import { guardFor } from './guards';
import { logOfLogistic } from './logistic';
import { logOfConstants } from './overStatements';
import { proposalOf } from './proposal';
import { expm1, log1p, logSumExp } from './sameForms';
import { Tree } from './tree';

/** At most this many edits are proposed for a finding. */
const mostEdits = 4;

const sameForms: readonly Recogniser[] = [logSumExp, logOfLogistic, log1p, expm1];

/**
 * The edits that may remove what an operation causes: of the operation itself, of the expressions around it in the same
 * statement, and of its operands. Forms of the same function come first, then guards of the operation itself.
 */
export function editsFor(origin: Origin, texts: SourceBase['texts']): EditProposal[] {
  if (!('result' in origin)) return [];
  const { file } = origin.location;
  const text = texts.find(([name]) => name === file)?.[1];
  const module = text === undefined ? null : parseModule(text, file).module;
  if (!module) return [];
  const lines = new LineMap(file, module.text);
  const { from, to } = lines.range(origin.location);
  const path = pathTo(module.program, from, to);
  const operation = path.at(-1);
  if (!operation) return [];
  const code = new Code(module);
  const around = [...enclosingExpressions(path), ...operandsOf(operation)].filter(
    (node) => bare(node) === node,
  );
  const guard = guardFor(origin);
  const tree = new Tree(module.program);
  const found = [
    ...logsOver(operation, code, tree),
    ...sameForms.flatMap((form) => around.map((node) => form(node, code))),
    ...[operation].map((node) => guard(node, code)),
  ].filter((each) => each !== null);
  return found.slice(0, mostEdits).map((each) => proposalOf(each, tree.parentOf(each.node), lines));
}

/** The logarithms of sums whose parts are constants, if the operation is in one of these parts. */
function logsOver(operation: Node, code: Code, tree: Tree): Replacement[] {
  return [...tree.nodes].flatMap((node) => {
    const found = logOfConstants(node, code, tree);
    const isPart = (part: Node) => part.start! <= operation.start! && operation.end! <= part.end!;
    return found && [node, ...found.sources].some(isPart) ? [found.replacement] : [];
  });
}

/** The nodes from the program to the smallest one with this range; empty if there is none. */
function pathTo(program: Node, from: number, to: number): Node[] {
  const path: Node[] = [];
  let node: Node | undefined = program;
  while (node) {
    path.push(node);
    node = evaluatedChildren(node).find((child) => child.start! <= from && to <= child.end!);
  }
  while (path.length > 0 && !isAt(path.at(-1)!, from, to)) path.pop();
  return path;
}

function isAt(node: Node, from: number, to: number): boolean {
  return node.start === from && node.end === to;
}

/** The last node of a path and the expressions around it, the innermost first. Callbacks belong to their call. */
function enclosingExpressions(path: readonly Node[]): Node[] {
  const found: Node[] = [];
  for (let i = path.length - 1; i >= 0; i--) {
    const node = path[i]!;
    const isCallback = node.type === 'ArrowFunctionExpression' && path[i - 1]?.type === 'CallExpression';
    if (
      node.type.endsWith('Statement') ||
      node.type.endsWith('Declaration') ||
      (isFunction(node) && !isCallback)
    )
      break;
    found.push(node);
  }
  return found;
}

function operandsOf(node: Node): Node[] {
  return evaluatedChildren(node).flatMap((child) => (isFunction(child) ? [] : [child, ...operandsOf(child)]));
}
