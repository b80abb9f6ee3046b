import { bare } from '../../../../autodiff/syntax/nodes';
import type { EditProposal } from '../../../../core/diagnosis/fixes';
import type { EditKind } from '../../../../core/sourceEdit';
import { LineMap } from '../../../places/lineMap';
import type { LossSource, SourceBase } from '../../../source';
import { parseModule } from '../load/parseModule';
import { Code, type Replacement } from './code';
import { columnEdits } from './columns/columnEdits';
import { logOfConstants } from './overStatements';
import { proposalOf } from './proposal';
import { logSumExp } from './sameForms';
import { kinks, rectifiers } from './smoothForms';
import { Tree } from './tree';
import { usedBy } from './usedBy';

/** The loss: its file, and its export as `fit`, `losses.fit`, `Model.loss` or `default`. */
type LossPlace = Pick<LossSource, 'file' | 'exportName'>;

/** At most this many edits are proposed against a cause. */
const mostEdits = 4;

const codeFile = /\.(?:[cm]?[jt]s|[jt]sx)$/i;

/** @param exportName  the loss; null if it is in another module */
type Finder = (code: Code, tree: Tree, exportName: string | null) => readonly Replacement[];

const findersOf: { readonly [K in EditKind]: Finder } = {
  rectifier: rectifiers,
  kink: kinks,
  columns: columnEdits,
  exponentials,
};

/** Logarithms of sums of exponentials, in one expression or over several constants. */
function exponentials(code: Code, tree: Tree): Replacement[] {
  return [...tree.nodes].flatMap((node) => {
    if (!tree.isInFunction(node) || bare(node) !== node) return [];
    const found = logOfConstants(node, code, tree)?.replacement ?? logSumExp(node, code);
    return found ? [found] : [];
  });
}

/**
 * The edits that may help against a cause without a known operation, in the file of the loss first. Whether they help is
 * for their trials to show.
 */
export function editsAgainst(
  kind: EditKind,
  texts: SourceBase['texts'],
  { file: lossFile, exportName }: LossPlace,
): EditProposal[] {
  // Imported data, such as JSON, are no code, and may be nested as deeply as they like.
  const code = texts.filter(([file]) => codeFile.test(file));
  const inOrder = code.toSorted(([a], [b]) => Number(b === lossFile) - Number(a === lossFile));
  const found: EditProposal[] = [];
  for (const [file, text] of inOrder) {
    if (found.length >= mostEdits) break;
    const { module } = parseModule(text, file);
    if (!module) continue;
    const tree = new Tree(module.program);
    const read = new Code(module);
    const lines = new LineMap(file, module.text);
    const isUsed = file === lossFile ? usedBy(exportName, read, tree) : () => true;
    for (const each of findersOf[kind](read, tree, file === lossFile ? exportName : null))
      if (isUsed(each.node)) found.push(proposalOf(each, tree.parentOf(each.node), lines));
  }
  return found.slice(0, mostEdits);
}
