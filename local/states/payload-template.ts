import { isObject } from '../template/json.ts';
import { callIntrinsicFunction, isIntrinsicFunction } from './intrinsic-functions.ts';
import { requireAt, type Scope } from './paths.ts';
import { StatesError } from './states-error.ts';

const PARAMETER_FAILURE = 'States.ParameterPathFailure';

/** Fills in a payload template: members whose names end in `.$` (ASL "Payload Template"). */
export function fillTemplate(template: unknown, scope: Scope): unknown {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, scope));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), evaluateText(String(value), scope)]
        : [name, fillTemplate(value, scope)],
    ),
  );
}

/** A path or a call of an intrinsic function. */
function evaluateText(text: string, scope: Scope): unknown {
  if (text.startsWith('$')) return requireAt(text, scope, PARAMETER_FAILURE);
  const { value, end } = readCall(text, 0, scope);
  if (end !== text.length) throw malformed(text);
  return value;
}

interface Read {
  readonly value: unknown;
  /** Where the reading stopped. */
  readonly end: number;
}

const NAME = /States\.[A-Za-z0-9]+/y;
const NUMBER_OR_WORD = /-?\d+(?:\.\d+)?|true|false|null/y;
const STRING = /'((?:\\.|[^'\\])*)'/y;
const PATH = /\$[^,)\s]*/y;

/** `States.Name(argument, …)`; arguments are texts in quotes, numbers, paths and further calls. */
function readCall(text: string, start: number, scope: Scope): Read {
  const name = matchAt(NAME, text, start)?.[0];
  if (name === undefined || !isIntrinsicFunction(name)) {
    throw new StatesError('States.IntrinsicFailure', `'${text}' calls no known function`);
  }
  let at = start + name.length;
  if (text[at] !== '(') throw malformed(text);
  at = skipSpace(text, at + 1);
  const values: Array<unknown> = [];
  while (text[at] !== ')') {
    const argument = readArgument(text, at, scope);
    values.push(argument.value);
    at = skipSpace(text, argument.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
    else if (text[at] !== ')') throw malformed(text);
  }
  return { value: callIntrinsicFunction(name, values), end: at + 1 };
}

function readArgument(text: string, at: number, scope: Scope): Read {
  const quoted = matchAt(STRING, text, at);
  if (quoted !== undefined) {
    return { value: (quoted[1] ?? '').replace(/\\(.)/g, '$1'), end: at + quoted[0].length };
  }
  const literal = matchAt(NUMBER_OR_WORD, text, at)?.[0];
  if (literal !== undefined) return { value: JSON.parse(literal), end: at + literal.length };
  const path = matchAt(PATH, text, at)?.[0];
  if (path !== undefined) {
    return { value: requireAt(path, scope, PARAMETER_FAILURE), end: at + path.length };
  }
  return readCall(text, at, scope);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ') end += 1;
  return end;
}

function malformed(text: string): StatesError {
  return new StatesError('States.IntrinsicFailure', `'${text}' is malformed`);
}
