import type {
  CallExpression,
  ExportAllDeclaration,
  ExportNamedDeclaration,
  Identifier,
  ImportDeclaration,
  ImportExpression,
  Node,
  StringLiteral,
  TSImportEqualsDeclaration,
} from '@babel/types';
import { walkAll } from '../../../../autodiff/syntax/nodes';
import type { ModuleNames } from './moduleNames';
import type { ParsedModule } from './parseModule';
import type { RequestKind } from './resolve';

/** One expression or statement with which a module loads another module by a literal specifier. */
export interface ModuleRequest {
  readonly literal: StringLiteral;
  readonly kind: RequestKind;
  readonly syntax:
    | ImportDeclaration
    | ExportNamedDeclaration
    | ExportAllDeclaration
    | ImportExpression
    | CallExpression
    | TSImportEqualsDeclaration;
  /**
   * Whether the program can continue if the request fails: `import()`, or `require()` in a `try` or a
   * function.
   */
  readonly isOptional: boolean;
}

/** A use of `require` or `import()` whose specifier is known only at run time. */
export type OpenRequest =
  | { readonly kind: 'require'; readonly node: Identifier }
  | { readonly kind: 'import'; readonly node: ImportExpression };

export interface Requests {
  readonly literal: readonly ModuleRequest[];
  readonly open: readonly OpenRequest[];
}

export function requestsOf(module: ParsedModule, names: ModuleNames): Requests {
  const literal: ModuleRequest[] = [];
  const open: OpenRequest[] = [];
  const requires = new Set<Node>(
    names.values.has('require') ? [] : (names.references.get('require') ?? []).map(({ node }) => node),
  );
  const visit = (root: Node, guarded: boolean) => {
    walkAll(root, (node) => {
      switch (node.type) {
        case 'ImportDeclaration':
          if (node.importKind !== 'type' && node.importKind !== 'typeof')
            literal.push({ literal: node.source, kind: 'import', syntax: node, isOptional: false });
          return false;
        case 'ExportNamedDeclaration':
        case 'ExportAllDeclaration':
          if (node.source && node.exportKind !== 'type')
            literal.push({ literal: node.source, kind: 'import', syntax: node, isOptional: false });
          return node.source == null;
        case 'ImportExpression':
          if (node.source.type === 'StringLiteral')
            literal.push({ literal: node.source, kind: 'import', syntax: node, isOptional: true });
          else open.push({ kind: 'import', node });
          return true;
        case 'TSImportEqualsDeclaration':
          if (node.moduleReference.type === 'TSExternalModuleReference' && node.importKind !== 'type') {
            const { expression } = node.moduleReference;
            literal.push({ literal: expression, kind: 'require', syntax: node, isOptional: false });
          }
          return false;
        case 'CallExpression': {
          const [argument] = node.arguments;
          if (!requires.has(node.callee) || argument?.type !== 'StringLiteral') return true;
          requires.delete(node.callee);
          literal.push({ literal: argument, kind: 'require', syntax: node, isOptional: guarded });
          return true;
        }
        case 'TryStatement':
          if (guarded) return true;
          visit(node.block, true);
          if (node.handler) visit(node.handler, guarded);
          if (node.finalizer) visit(node.finalizer, guarded);
          return false;
        case 'FunctionDeclaration':
        case 'FunctionExpression':
        case 'ArrowFunctionExpression':
          // `require` inside a function is executed only if the function is called.
          if (guarded) return true;
          visit(node.body, true);
          for (const param of node.params) visit(param, true);
          return false;
        case 'TSModuleDeclaration':
          return false;
        default:
          return true;
      }
    });
  };
  // Declarations are at the top level; the search for expressions takes longer than a look at the text.
  const mayRequire = requires.size > 0 || (module.isTypeScript && module.text.includes('require'));
  if (mayRequire || /\bimport\s*[(/]/.test(module.text)) visit(module.program, false);
  else
    for (const statement of module.program.body)
      if (/^(?:Import|Export)/.test(statement.type) && 'source' in statement) visit(statement, false);
  for (const node of requires) if (node.type === 'Identifier') open.push({ kind: 'require', node });
  return { literal, open };
}
