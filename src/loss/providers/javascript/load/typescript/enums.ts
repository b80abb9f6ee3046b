import type { Node, Program, TSEnumDeclaration, TSEnumMember } from '@babel/types';
import { endOf, type PassContext, report, startOf } from '../pass';
import { skipTrivia } from '../trivia';

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/**
 * Rewrites an enum as an immediately invoked function. The code of each member stays on the line of the
 * member:
 *
 *     enum Mode { A, B = 2 }
 *     var Mode = ((Mode) => { const A = Mode["A"] = 0; if (…) Mode[A] = "A"; … return Mode; })({});
 *
 * Members are constants of that function, so that later members can use them by name, as TypeScript allows.
 * Later declarations of the same name add members to the first.
 */
export function rewriteEnum(context: PassContext, node: TSEnumDeclaration, parent: Node | null): void {
  const { edits, module } = context;
  const name = node.id.name;
  const exported = parent?.type === 'ExportNamedDeclaration';
  const { firsts, topLevel } = enumsOf(context.module.program);
  const first = firsts.get(name);
  const isRepeat = first !== undefined && startOf(first) < startOf(node);
  const open = skipTrivia(module.text, endOf(node.id));
  const keyword = topLevel.has(node) ? 'var' : 'let';
  const from = exported && isRepeat ? startOf(parent) : startOf(node);
  edits.replace(from, open + 1, isRepeat ? `;((${name}) => {` : `${keyword} ${name} = ((${name}) => {`);
  const constants = new Set<string>([name]);
  let previous: TSEnumMember | null = null;
  for (const member of node.members) {
    rewriteMember(context, name, member, previous, constants);
    previous = member;
  }
  edits.replace(endOf(node) - 1, endOf(node), `return ${name}; })(${isRepeat ? name : '{}'});`);
}

function rewriteMember(
  context: PassContext,
  enumName: string,
  member: TSEnumMember,
  previous: TSEnumMember | null,
  constants: Set<string>,
): void {
  const { edits, module } = context;
  const key = member.id.type === 'Identifier' ? member.id.name : member.id.value;
  const slot = `${enumName}[${JSON.stringify(key)}]`;
  const isConstant = identifier.test(key) && !reserved.has(key) && !constants.has(key);
  if (isConstant) constants.add(key);
  const target = isConstant ? `const ${key} = ${slot}` : slot;
  if (member.initializer) {
    edits.replace(startOf(member.id), endOf(member.id), target);
  } else {
    if (previous?.initializer?.type === 'StringLiteral')
      report(
        context,
        member.id,
        'syntax',
        `Enum member ${key} must have a value: the one before it is a string.`,
      );
    edits.replace(startOf(member.id), endOf(member.id), `${target} = ${follows(enumName, previous)}`);
  }
  const value = isConstant ? key : slot;
  const comma = skipTrivia(module.text, endOf(member));
  edits.insert(
    endOf(member),
    `; if (typeof ${value} !== "string") ${enumName}[${value}] = ${JSON.stringify(key)};`,
  );
  if (module.text[comma] === ',') edits.blank(comma, comma + 1);
}

function follows(enumName: string, previous: TSEnumMember | null): string {
  if (!previous) return '0';
  const key = previous.id.type === 'Identifier' ? previous.id.name : previous.id.value;
  return `${enumName}[${JSON.stringify(key)}] + 1`;
}

/** The top-level enums of a module, and the first declaration of each name. Later declarations add members to the first. */
interface TopLevelEnums {
  readonly topLevel: ReadonlySet<Node>;
  readonly firsts: ReadonlyMap<string, Node>;
}

const enumsByProgram = new WeakMap<Program, TopLevelEnums>();

function enumsOf(program: Program): TopLevelEnums {
  const known = enumsByProgram.get(program);
  if (known) return known;
  const topLevel = new Set<Node>();
  const firsts = new Map<string, Node>();
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'TSEnumDeclaration') continue;
    topLevel.add(declaration);
    if (!declaration.declare && !firsts.has(declaration.id.name))
      firsts.set(declaration.id.name, declaration);
  }
  const made = { topLevel, firsts };
  enumsByProgram.set(program, made);
  return made;
}
