import type { NodePath, PluginItem, PluginObj, types } from '@babel/core';
import { jsxFile } from '../parseModule';
import type { ProjectConfig } from '../projectConfig';
import type { ElementNames } from './elements';
import { mergedNamespaces } from './mergedNamespaces';
import { namespaceConstants } from './namespaceConstants';

/** The plugins that compile a module to the JavaScript of Node 20. */
export function pluginsFor(
  babel: typeof import('./babel'),
  { file, isTypeScript }: { readonly file: string; readonly isTypeScript: boolean },
  { uninitializedFields, decorators }: ProjectConfig,
  { element, fragment }: ElementNames,
): PluginItem[] {
  const isJsx = jsxFile.test(file);
  return [
    ...(isTypeScript
      ? [
          commonJsStatements,
          mergedNamespaces,
          namespaceConstants,
          ...(uninitializedFields === 'drop' ? [withoutUninitializedFields] : []),
          [
            plugin(babel.typescript),
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
    [plugin(babel.decorators), { version: decorators }],
    plugin(babel.resourceManagement),
    ...(isJsx
      ? [
          [
            plugin(babel.jsx),
            { runtime: 'classic', pragma: element, pragmaFrag: fragment, throwIfNamespace: false },
          ] satisfies PluginItem,
        ]
      : []),
  ];
}

/** A plugin of a CommonJS package. Depending on the bundler, it is a property `default` of what was imported. */
function plugin(module: unknown): PluginItem {
  const isWrapped = typeof module === 'object' && module !== null && 'default' in module;
  return (isWrapped ? module.default : module) as PluginItem;
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
