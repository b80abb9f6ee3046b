import { expression } from './expressions';
import { invoke } from './invocation';
import type { Grammar } from './lowering';
import { functionBody, statement, statements } from './statements';

export const grammar: Grammar = { expression, statement, statements, invoke, functionBody };
