import type {
  AssignmentExpression,
  Identifier,
  MemberExpression,
  Node,
  UpdateExpression,
} from '@babel/types';
import type { Members } from '../runtime/api';
import { accumulate, assignedAsOneOperation, elementAsOneOperation } from './expressions';
import { isPrimitive, isUntraced } from './kind';
import { arithmeticMethods, isArithmetic, isInteger } from './operatorNames';
import type { Handlers, Rewrite, Use } from './rewrite';
import { codeEnd, endOf, startOf } from './source';
import {
  again,
  asArguments,
  heldProperty,
  heldSuper,
  isCalm,
  removeParentheses,
  type Target,
  targetOf,
  visitMember,
  visitPattern,
} from './targets';

const refMethods: { readonly [O in keyof typeof arithmeticMethods]: keyof Members } = {
  '+': 'addTo',
  '-': 'subFrom',
  '*': 'mulBy',
  '/': 'divBy',
  '%': 'modBy',
  '**': 'powBy',
};

/**
 * Variants that read the member after the right side was evaluated; used if the right side is calm, see
 * `isCalm`.
 */
const memberMethods: { readonly [O in keyof typeof arithmeticMethods]?: keyof Members } = {
  '+': 'addAt',
  '-': 'subAt',
  '*': 'mulAt',
  '/': 'divAt',
};

function assignment(rewrite: Rewrite, node: AssignmentExpression, use: Use): void {
  const operator = node.operator.slice(0, -1);
  if (operator === '') {
    store(rewrite, node);
    return;
  }
  const target = targetOf(rewrite, node.left);
  if (target.kind === 'pattern') return;
  if (target.kind === 'name' && rewrite.accumulations.sums.has(node)) {
    accumulate(rewrite, node, target.name);
    return;
  }
  if (target.kind !== 'name') visitMember(rewrite, target.node);
  if (target.kind === 'name' || target.kind === 'property') {
    const one = assignedAsOneOperation(rewrite, node, operator, node.right, () => held(rewrite, target));
    if (one !== null) {
      rewrite.token(endOf(node.left), node.operator, one);
      return;
    }
  }
  if (target.kind === 'element' && compoundAsOneOperation(rewrite, node, target.node, operator)) return;
  rewrite.visit(node.right);
  if (operator === '||' || operator === '&&' || operator === '??') {
    logicalAssignment(rewrite, node, target, operator, use);
    return;
  }
  const left = rewrite.kinds.of(node.left);
  if (isPrimitive(left) && isPrimitive(rewrite.kinds.of(node.right))) return;
  if (target.kind === 'element') {
    compoundElement(rewrite, node, target.node, operator);
    return;
  }
  const site = rewrite.site(node);
  const call = isInteger(operator)
    ? `${rewrite.runtime}.int("${operator}", `
    : `${rewrite.runtime}.${arithmeticMethods[operator as keyof typeof arithmeticMethods]}(`;
  rewrite.token(endOf(node.left), node.operator, `= ${call}${held(rewrite, target)}, `);
  rewrite.wrap(node, '', `, ${site})`);
}

/** `a = b`: the runtime writes elements, because a typed array may round them. */
function store(rewrite: Rewrite, node: AssignmentExpression): void {
  const { left, right } = node;
  const target = targetOf(rewrite, left);
  if (target.kind !== 'element' || target.node.property.type === 'StringLiteral') {
    if (target.kind === 'pattern') visitPattern(rewrite, left);
    else if (target.kind !== 'name') visitMember(rewrite, target.node);
    rewrite.visit(right);
    return;
  }
  visitMember(rewrite, target.node);
  rewrite.visit(right);
  asArguments(rewrite, target.node, ' ');
  rewrite.token(endOf(left), '=', ',');
  rewrite.wrap(node, `${setter(rewrite, node)}(`, ')');
}

/** The function that writes the elements of one place. Each place has its own, so that the engine specializes it. */
function setter(rewrite: Rewrite, node: AssignmentExpression): string {
  return `(${rewrite.names.expression()} ??= ${rewrite.members}.setter(${rewrite.site(node)}))`;
}

/**
 * `a[i] += b`, where reading `a[i]` twice has no effect: the new value is one operation.
 *
 * @returns false if nothing is changed
 */
function compoundAsOneOperation(
  rewrite: Rewrite,
  node: AssignmentExpression,
  member: Extract<Target, { kind: 'element' }>['node'],
  operator: string,
): boolean {
  if (!isArithmetic(operator) || !isCalm(node.right)) return false;
  const object = again(member.object);
  const key = repeatableKey(rewrite, member.property);
  if (object === null || key === null || rewrite.isGlobal(member.object)) return false;
  const one = elementAsOneOperation(rewrite, node, operator, `${object}[${key}]`);
  if (one === null) return false;
  asArguments(rewrite, member, ' ');
  rewrite.token(endOf(node.left), node.operator, `, ${one}`);
  rewrite.wrap(node, `${setter(rewrite, node)}(`, ')');
  return true;
}

/** The text of a key that is a variable or literal and certainly a primitive value, so that its conversion calls no code. */
function repeatableKey(rewrite: Rewrite, property: Node): string | null {
  if (property.type === 'NumericLiteral') return String(property.value);
  return property.type === 'Identifier' && isPrimitive(rewrite.kinds.of(property)) ? property.name : null;
}

/** `a[i] += b`: object and key are evaluated once, then the right side. */
function compoundElement(
  rewrite: Rewrite,
  node: AssignmentExpression,
  member: Extract<Target, { kind: 'element' }>['node'],
  operator: string,
): void {
  const { members } = rewrite;
  const after = `, ${rewrite.site(node)})`;
  const calm = isArithmetic(operator) && isCalm(node.right) ? memberMethods[operator] : undefined;
  if (calm) {
    asArguments(rewrite, member, ' ');
    rewrite.token(endOf(node.left), node.operator, ',');
    rewrite.wrap(node, `${members}.${calm}(`, after);
    return;
  }
  asArguments(rewrite, member, ')');
  rewrite.token(endOf(node.left), node.operator, ',');
  const method = isInteger(operator)
    ? `intRef("${operator}", `
    : `${refMethods[operator as keyof typeof refMethods]}(`;
  rewrite.wrap(node, `${members}.${method}${members}.ref(`, after);
}

/** The text that reads a target, after its object has been stored in a temporary. */
function held(rewrite: Rewrite, target: Target): string {
  switch (target.kind) {
    case 'name':
      return target.name;
    case 'property':
      return heldProperty(rewrite, target.node);
    case 'superElement':
      return heldSuper(rewrite, target.node);
    default:
      throw new Error(`no text reads a ${target.kind}`);
  }
}

/** `a ||= b`, `a &&= b`, `a ??= b`: the target is read once, and written only if JavaScript writes it. */
function logicalAssignment(
  rewrite: Rewrite,
  node: AssignmentExpression,
  target: Target,
  operator: '||' | '&&' | '??',
  use: Use,
): void {
  const { members, runtime } = rewrite;
  if (target.kind === 'element') {
    const ref = rewrite.names.helper('temporary');
    const write = `${members}.store(${ref}, `;
    const open = `(${ref} = ${members}.ref(`;
    asArguments(rewrite, target.node, '))');
    if (operator === '??') {
      rewrite.token(endOf(node.left), '??=', `.value ?? ${write}`);
      rewrite.wrap(node, `(${open}`, '))');
      return;
    }
    const [then, end] = operator === '||' ? [`${ref}.value : ${write}`, '))'] : [write, `) : ${ref}.value)`];
    rewrite.token(endOf(node.left), node.operator, `.value) ? ${then}`);
    rewrite.wrap(node, `(${runtime}.truthy(${open}`, end);
    return;
  }
  if (operator === '??' || isUntraced(rewrite.kinds.of(node.left))) return;
  if (target.kind === 'property' && again(target.node.object) === null && !isPrivate(target.node)) {
    logicalProperty(rewrite, node, target.node, operator);
    return;
  }
  const text = held(rewrite, target);
  if (target.kind === 'name' && use !== 'value') {
    rewrite.token(endOf(node.left), node.operator, `) ${operator} (${text} = `);
    rewrite.wrap(node, `${runtime}.truthy(`, ')');
    return;
  }
  const isName = target.kind === 'name';
  const read = isName ? text : rewrite.names.helper('temporary');
  const [then, end] = operator === '||' ? [`${read} : (${text} = `, '))'] : [`(${text} = `, `) : ${read})`];
  rewrite.token(endOf(node.left), node.operator, `) ? ${then}`);
  rewrite.wrap(node, `(${runtime}.truthy(${isName ? '' : `${read} = `}`, end);
}

/** `f().x ||= b`: a getter may run code that uses the temporaries, so the object lies in the reference. */
function logicalProperty(
  rewrite: Rewrite,
  node: AssignmentExpression,
  { object, property }: MemberExpression,
  operator: '||' | '&&',
): void {
  const { members, runtime } = rewrite;
  const ref = rewrite.names.helper('temporary');
  const key = (property as Identifier).name;
  const write = `${members}.store(${ref}, `;
  const [then, end] = operator === '||' ? [`${ref}.value : ${write}`, '))'] : [write, `) : ${ref}.value)`];
  removeParentheses(rewrite, node.left);
  rewrite.token(endOf(object), '.', ',');
  rewrite.replace(property, JSON.stringify(key));
  rewrite.token(endOf(node.left), node.operator, `)).value) ? ${then}`);
  rewrite.wrap(node, `(${runtime}.truthy((${ref} = ${members}.ref(`, end);
}

function isPrivate({ property }: MemberExpression): boolean {
  return property.type === 'PrivateName';
}

/** `++x`, `x--`, and the same for members. */
function update(rewrite: Rewrite, node: UpdateExpression, use: Use): void {
  const { operator, prefix, argument } = node;
  const target = targetOf(rewrite, argument);
  if (target.kind === 'pattern') return;
  if (target.kind !== 'name') visitMember(rewrite, target.node);
  if (isPrimitive(rewrite.kinds.of(argument))) return;
  const { members, runtime } = rewrite;
  const name = operator === '++' ? 'inc' : 'dec';
  const site = rewrite.site(node);
  const at = prefix ? startOf(node) : endOf(node) - 2;
  rewrite.edits.replace(at, at + 2, '  ');
  if (target.kind === 'element') {
    asArguments(rewrite, target.node, ')');
    rewrite.wrapStretch(
      startOf(node),
      endOf(node),
      `${members}.${name}Ref(${members}.ref(`,
      `, ${prefix || use === 'unused'}, ${site})`,
    );
    return;
  }
  if (prefix || use === 'unused') {
    const after = ` = ${runtime}.${name}(${held(rewrite, target)}, ${site}))`;
    rewrite.wrapStretch(startOf(node), prefix ? codeEnd(argument) : endOf(node), '(', after);
    return;
  }
  if (target.kind === 'property') {
    postfixProperty(rewrite, node, target.node, `${runtime}.${name}`, site);
    return;
  }
  const text = held(rewrite, target);
  const old = rewrite.names.helper('temporary');
  const after = ` = ${runtime}.${name}(${old} = ${runtime}.numeric(${text}), ${site}), ${old})`;
  rewrite.wrapStretch(startOf(node), endOf(node), '(', after);
}

/**
 * The old value of `f().x++`. A getter and a setter run other code, which may use the temporaries of this module. So object
 * and old value lie in a box that is also an argument, which the engine keeps:
 *
 *     $.before(t = { object: f() }, t.object.x = $.inc(t.old = $.numeric(t.object.x), 7))
 */
function postfixProperty(
  rewrite: Rewrite,
  node: UpdateExpression,
  { object, property }: MemberExpression,
  method: string,
  site: number,
): void {
  const { runtime } = rewrite;
  const box = rewrite.names.helper('temporary');
  const name = again(object);
  const key = rewrite.source.text.slice(startOf(property), endOf(property));
  const read = `${name ?? `${box}.object`}.${key}`;
  const after = ` = ${method}(${box}.old = ${runtime}.numeric(${read}), ${site}))`;
  removeParentheses(rewrite, node.argument);
  if (name === null) rewrite.wrap(object, `${box} = { object: `, ` }, ${box}.object`);
  const before = name === null ? '' : `${box} = {}, `;
  rewrite.wrapStretch(startOf(node), endOf(node), `${runtime}.before(${before}`, after);
}

export const assignments: Handlers = {
  AssignmentExpression: assignment,
  UpdateExpression: update,
};
