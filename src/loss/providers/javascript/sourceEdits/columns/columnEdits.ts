import type { Expression, Node } from '@babel/types';
import { bare } from '../../../../../autodiff/syntax/nodes';
import type { Binding } from '../../../../../autodiff/syntax/scopes';
import type { Code, Replacement } from '../code';
import type { Tree } from '../tree';
import { type ColumnKey, DataUses, type ModuleFacts } from './dataUses';
import { functionsOf, LossParameters, parametersOf, withoutContext } from './lossParameters';
import { takesInputs } from './predictions';
import { runsAtLoad } from './runsAtLoad';
import {
  type StandardisedForm,
  standardisedColumn,
  standardisedRows,
  standardisedTable,
} from './standardised';

/** The edit contains the text of the data. */
const longestText = 20_000;

/**
 * Edits that standardise data which enter products with parameters: at the declaration of the data, or, if they are
 * imported, at their only use. Targets and labels keep their numbers, because they are no factors beside a parameter. Data that are
 * exported keep them, too, because another module may use them, and so do all data of a module that exports predictions for inputs.
 *
 * @param exportName  the loss; null if it is in another module
 */
export function columnEdits(code: Code, tree: Tree, exportName: string | null): Replacement[] {
  const losses = functionsOf(exportName, code);
  // Its parameters would be those of other inputs than it gets.
  if (takesInputs(losses, code, tree)) return [];
  const facts: ModuleFacts = {
    code,
    tree,
    isParameter: new LossParameters(
      losses.flatMap((each) => withoutContext(parametersOf(each))),
      code,
    ).has,
    runsAtLoad: runsAtLoad(code, tree, exportName === null),
  };
  return [...new Set(code.scopes.bindings.values())].flatMap((binding): Replacement[] => {
    if (!binding.isModule || binding.assignments.length > 0 || isExported(binding, code, tree)) return [];
    const { keys, lists } = new DataUses(binding, facts);
    if (keys === null || keys.length === 0) return [];
    const node = placeOf(binding, lists);
    if (!node || node.end! - node.start! > longestText) return [];
    return (['standardise', 'scale'] as const).map((form) => ({
      node,
      title: `${form} ${namesOf(binding.name, keys)}`,
      text: textOf(node, keys, form === 'standardise', binding, code),
      binds: 'call',
      meaning: { kind: 'units' },
    }));
  });
}

function isExported({ declaration, name }: Binding, code: Code, tree: Tree): boolean {
  const statement = tree.parentOf(declaration);
  if (statement && tree.parentOf(statement)?.type === 'ExportNamedDeclaration') return true;
  return (code.scopes.references.get(name) ?? []).some(({ parent }) => parent.type.startsWith('Export'));
}

/** The value at the declaration; of an import, its only use as a list that is not indexed. */
function placeOf({ kind, declaration }: Binding, lists: readonly Node[]): Expression | null {
  if (
    kind === 'variable' &&
    declaration.type === 'VariableDeclarator' &&
    declaration.id.type === 'Identifier'
  )
    return declaration.init ?? null;
  const [only, ...others] = lists;
  return kind === 'import' && only && others.length === 0 ? (only as Expression) : null;
}

function namesOf(name: string, keys: readonly ColumnKey[]): string {
  const [first] = keys;
  if (first === 'value' || first === 'all') return name;
  return keys.map((key) => (typeof key === 'number' ? `${name}[${key}]` : key.slice(1))).join(', ');
}

function textOf(
  node: Node,
  keys: readonly ColumnKey[],
  isCentred: boolean,
  { declaration }: Binding,
  code: Code,
): string {
  const isAssertion = bare(node) !== node && node.type !== 'ParenthesizedExpression';
  const form: StandardisedForm = {
    list: isAssertion ? `(${code.slice(node.start!, node.end!)})` : code.text(node),
    isCentred,
    isTypeScript: code.isTypeScript,
    type: typeOf(declaration, code),
  };
  const [first] = keys;
  if (first === 'value') return standardisedColumn(form);
  if (first === 'all') return standardisedTable(form);
  return standardisedRows(
    form,
    keys.map((key) => (typeof key === 'number' ? key : key.slice(1))),
  );
}

/** The declared type of a variable, with its colon; empty if there is none. */
function typeOf(declaration: Node, code: Code): string {
  const annotation =
    declaration.type === 'VariableDeclarator' && declaration.id.type === 'Identifier'
      ? declaration.id.typeAnnotation
      : null;
  return annotation ? code.slice(annotation.start!, annotation.end!) : '';
}
