import type { Identifier, Node, Program, StringLiteral } from '@babel/types';
import { walkAll } from '../../../../autodiff/syntax/nodes';
import { declarePattern } from '../../../../autodiff/syntax/patterns';
import type { ModuleNames } from './moduleNames';

/** The meaning of an exported name, determined from the text of the exporting module only. */
export type ExportEntry =
  | { readonly kind: 'value' }
  | { readonly kind: 'type' }
  /** An export of another module. `name` is null for its namespace. */
  | { readonly kind: 'from'; readonly specifier: string; readonly name: string | null };

export interface ExportTable {
  readonly entries: ReadonlyMap<string, ExportEntry>;
  /** The specifiers of `export * from`. */
  readonly stars: readonly string[];
  /** Whether the module may export names that cannot be determined from its text. */
  readonly isOpen: boolean;
}

export function nameOf(node: Identifier | StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

/** The imports of a module: from the local name to the specifier and the imported name. */
export function importedNames(program: Program): Map<string, { specifier: string; name: string | null }> {
  const imported = new Map<string, { specifier: string; name: string | null }>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const specifier = statement.source.value;
    for (const each of statement.specifiers) {
      const name =
        each.type === 'ImportSpecifier'
          ? nameOf(each.imported)
          : each.type === 'ImportDefaultSpecifier'
            ? 'default'
            : null;
      imported.set(each.local.name, { specifier, name });
    }
  }
  return imported;
}

export function moduleExports(program: Program, names: ModuleNames): ExportTable {
  const entries = new Map<string, ExportEntry>();
  const stars: string[] = [];
  const imported = importedNames(program);
  const local = (name: string): ExportEntry => {
    const origin = imported.get(name);
    if (origin) return { kind: 'from', ...origin };
    return { kind: names.types.has(name) && !names.values.has(name) ? 'type' : 'value' };
  };
  for (const statement of program.body) {
    switch (statement.type) {
      case 'ExportAllDeclaration':
        stars.push(statement.source.value);
        break;
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        if (declaration.type === 'Identifier') entries.set('default', local(declaration.name));
        else if ((declaration.type as string) === 'TSInterfaceDeclaration')
          entries.set('default', { kind: 'type' });
        else entries.set('default', { kind: 'value' });
        break;
      }
      case 'TSExportAssignment':
        entries.set('default', { kind: 'value' });
        break;
      case 'TSImportEqualsDeclaration':
        if (statement.isExport) entries.set(statement.id.name, { kind: 'value' });
        break;
      case 'ExportNamedDeclaration': {
        const isType = statement.exportKind === 'type';
        for (const name of declaredBy(statement.declaration)) entries.set(name, local(name));
        for (const specifier of statement.specifiers) {
          const exported = nameOf(specifier.exported);
          if (isType || (specifier.type === 'ExportSpecifier' && specifier.exportKind === 'type'))
            entries.set(exported, { kind: 'type' });
          else if (specifier.type === 'ExportSpecifier' && statement.source)
            entries.set(exported, {
              kind: 'from',
              specifier: statement.source.value,
              name: nameOf(specifier.local),
            });
          else if (specifier.type === 'ExportSpecifier')
            entries.set(exported, local(nameOf(specifier.local)));
          else entries.set(exported, { kind: 'value' });
        }
        break;
      }
    }
  }
  return { entries, stars, isOpen: false };
}

function declaredBy(declaration: Node | null | undefined): string[] {
  if (!declaration) return [];
  if (declaration.type === 'VariableDeclaration') {
    const names = new Set<string>();
    for (const { id } of declaration.declarations) declarePattern(id, names);
    return [...names];
  }
  const id = 'id' in declaration ? declaration.id : null;
  return id && typeof id === 'object' && 'type' in id && id.type === 'Identifier' ? [id.name] : [];
}

/**
 * The names that a CommonJS module assigns to `exports` directly. Open if the module uses `exports` in
 * another way.
 */
export function commonExports(program: Program, names: ModuleNames): ExportTable {
  const entries = new Map<string, ExportEntry>([['default', { kind: 'value' }]]);
  const uses = ['module', 'exports'].flatMap((name) =>
    names.values.has(name) ? [] : (names.references.get(name) ?? []),
  );
  let understood = 0;
  let isOpen = false;
  const add = (name: string) => entries.set(name, { kind: 'value' });
  walkAll(program, (node, parent) => {
    if (node.type === 'AssignmentExpression' && node.operator === '=') {
      const target = exportTarget(node.left);
      if (target === undefined) return true;
      understood++;
      // An object that is also assigned elsewhere (`const e = module.exports = {}`) may get more names there.
      const escapes =
        parent?.type === 'AssignmentExpression' ? exportTarget(parent.left) === undefined : true;
      if (target === null && parent?.type !== 'ExpressionStatement' && escapes) isOpen = true;
      if (target !== null) add(target);
      else if (node.right.type === 'ObjectExpression') {
        for (const property of node.right.properties) {
          const key = property.type === 'SpreadElement' || property.computed ? null : property.key;
          if (key?.type === 'Identifier' || key?.type === 'StringLiteral') add(nameOf(key));
          else isOpen = true;
        }
      } else if (exportTarget(node.right) === undefined && node.right.type !== 'AssignmentExpression')
        isOpen = true;
    } else if (node.type === 'CallExpression' && isDefineProperty(node.callee)) {
      const [target, key] = node.arguments;
      if (target && isExports(target) && key?.type === 'StringLiteral') {
        understood++;
        add(key.value);
      }
    }
    return true;
  });
  if (program.body.some((statement) => statement.type === 'TSExportAssignment')) isOpen = true;
  return { entries, stars: [], isOpen: isOpen || understood < uses.length };
}

/**
 * The name that an assignment to this target exports: null for `module.exports` as a whole, undefined if
 * none.
 */
function exportTarget(node: Node): string | null | undefined {
  if (isExports(node)) return null;
  if (node.type !== 'MemberExpression' || !isExports(node.object)) return undefined;
  if (!node.computed && node.property.type === 'Identifier') return node.property.name;
  return node.property.type === 'StringLiteral' ? node.property.value : undefined;
}

function isExports(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'exports'
  );
}

function isDefineProperty(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'Object' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'defineProperty'
  );
}
