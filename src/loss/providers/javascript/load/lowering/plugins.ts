import type { NodePath, PluginItem, PluginObj, types } from '@babel/core';
import type { ProjectConfig } from '../projectConfig';
import type { ElementNames } from './elements';
import { mergedNamespaces } from './mergedNamespaces';
import { namespaceConstants } from './namespaceConstants';

/** The Babel plugins that compile a module to the JavaScript of Node 20. They are loaded when a module first needs them. */
export async function pluginsFor(
  { file, isTypeScript }: { readonly file: string; readonly isTypeScript: boolean },
  { uninitializedFields, decorators }: ProjectConfig,
  { element, fragment }: ElementNames,
): Promise<PluginItem[]> {
  const [typescript, proposal, management, jsx] = await Promise.all([
    import('@babel/plugin-transform-typescript'),
    import('@babel/plugin-proposal-decorators'),
    import('@babel/plugin-transform-explicit-resource-management'),
    import('@babel/plugin-transform-react-jsx'),
  ]);
  const isJsx = /\.(?:tsx|jsx|[cm]?js)$/i.test(file);
  return [
    ...(isTypeScript
      ? [
          commonJsStatements,
          mergedNamespaces,
          namespaceConstants,
          ...(uninitializedFields === 'drop' ? [withoutUninitializedFields] : []),
          [
            plugin(typescript),
            {
              isTSX: isJsx,
              allowDeclareFields: true,
              optimizeConstEnums: false,
              jsxPragma: element,
              jsxPragmaFrag: fragment,
            },
          ] satisfies PluginItem,
        ]
      : []),
    [plugin(proposal), { version: decorators }],
    plugin(management),
    ...(isJsx
      ? [
          [
            plugin(jsx),
            { runtime: 'classic', pragma: element, pragmaFrag: fragment, throwIfNamespace: false },
          ] satisfies PluginItem,
        ]
      : []),
  ];
}

/** A plugin of a CommonJS package: the namespace holds it once or twice under `default`, depending on who imports. */
function plugin(module: object): PluginItem {
  let value: unknown = module;
  while (typeof value === 'object' && value !== null && 'default' in value) value = value.default;
  return value as PluginItem;
}

/** `import x = require('y')` and `export = x`, which Babel compiles only together with all other imports and exports. */
const commonJsStatements: PluginItem = ({ types: t }: { types: typeof types }): PluginObj => ({
  visitor: {
    Program(program) {
      for (const path of program.get('body')) {
        if (path.isTSExportAssignment())
          path.replaceWith(
            t.expressionStatement(
              t.assignmentExpression(
                '=',
                t.memberExpression(t.identifier('module'), t.identifier('exports')),
                path.node.expression,
              ),
            ),
          );
        else if (path.isTSImportEqualsDeclaration()) replaceImportEquals(path, t);
      }
    },
  },
});

function replaceImportEquals(path: NodePath<types.TSImportEqualsDeclaration>, t: typeof types): void {
  const { id, moduleReference, importKind, isExport } = path.node;
  if (moduleReference.type !== 'TSExternalModuleReference' || importKind === 'type') return;
  const required = t.callExpression(t.identifier('require'), [moduleReference.expression]);
  const declaration = t.variableDeclaration('const', [t.variableDeclarator(id, required)]);
  path.replaceWith(isExport ? t.exportNamedDeclaration(declaration) : declaration);
}

/** With `useDefineForClassFields` off, a field without a value only declares a type. */
const withoutUninitializedFields: PluginItem = (): PluginObj => ({
  visitor: {
    Program(program) {
      program.traverse({
        ClassProperty(path) {
          const { value, decorators, computed } = path.node;
          if (value == null && !decorators?.length && !computed) path.remove();
        },
      });
    },
  },
});
