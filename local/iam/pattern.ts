import { remembered } from './remembered.ts';

const ANY = Symbol('*');
const ONE = Symbol('?');

/** One character of a pattern, or a wildcard. */
type Token = string | typeof ANY | typeof ONE;

/** A pattern whose variables are filled in; what they brought holds no wildcards. */
export type Pattern = ReadonlyArray<Token>;

/** Value of a policy variable such as `aws:PrincipalAccount`. */
export type Variables = (name: string) => string | undefined;

/** Every call is held against dozens of them, which are those of the templates. */
const WITHOUT_VARIABLES = new Map<string, Pattern>();

/**
 * Reads `*`, `?` and `${variable}`, `${variable, 'default'}`, `${*}` (IAM User Guide, "policy
 * variables"). Undefined when a variable has no value: then nothing matches.
 */
export function parsePattern(text: string, variables: Variables): Pattern | undefined {
  if (text.includes('${')) return readPattern(text, variables);
  const known = WITHOUT_VARIABLES.get(text);
  if (known !== undefined) return known;
  const pattern = readPattern(text, variables);
  if (pattern !== undefined) WITHOUT_VARIABLES.set(text, pattern);
  return pattern;
}

function readPattern(text: string, variables: Variables): Pattern | undefined {
  const tokens: Array<Token> = [];
  for (const [part] of text.matchAll(/\$\{[^}]*\}|./gsu)) {
    if (part.length > 2 && part.startsWith('${')) {
      const value = variableValue(part.slice(2, -1), variables);
      if (value === undefined) return undefined;
      tokens.push(...value);
    } else {
      tokens.push(part === '*' ? ANY : part === '?' ? ONE : part);
    }
  }
  return tokens;
}

/** The same, for operators in which `*` and `?` mean themselves. */
export function parseText(text: string, variables: Variables): string | undefined {
  return parsePattern(text, variables)
    ?.map((token) => (token === ANY ? '*' : token === ONE ? '?' : token))
    .join('');
}

/** The whole value must match. Linear in practice: only the last `*` is ever tried again. */
export function matches(pattern: Pattern, value: string): boolean {
  const characters = [...value];
  let [at, read] = [0, 0];
  let star: { readonly after: number; from: number } | undefined;
  while (read < characters.length) {
    const token = pattern[at];
    if (token === ANY) {
      at += 1;
      star = { after: at, from: read };
    } else if (token !== undefined && (token === ONE || token === characters[read])) {
      at += 1;
      read += 1;
    } else if (star !== undefined) {
      star.from += 1;
      at = star.after;
      read = star.from;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every((token) => token === ANY);
}

/** A permission names its resource; what is asked of it is asked at each call. */
const ARN_MATCHERS = new WeakMap<Pattern, (value: string) => boolean>();

/** Each of an ARN's six parts matches by itself, so that `*` never reaches across a colon but the last. */
export function matchesArn(pattern: Pattern, value: string): boolean {
  const matcher = ARN_MATCHERS.get(pattern) ?? remembered(matcherOfArn(pattern));
  ARN_MATCHERS.set(pattern, matcher);
  return matcher(value);
}

function matcherOfArn(pattern: Pattern): (value: string) => boolean {
  if (pattern.length === 1 && pattern[0] === ANY) return () => true;
  const parts = splitArn(pattern);
  return (value) => {
    const valueParts = splitArn([...value]);
    return (
      parts.length === valueParts.length &&
      parts.every((part, index) => matches(part, (valueParts[index] ?? []).join('')))
    );
  };
}

function splitArn<T extends Token>(tokens: ReadonlyArray<T>): ReadonlyArray<ReadonlyArray<T>> {
  const parts: Array<Array<T>> = [[]];
  for (const token of tokens) {
    if (token === ':' && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function variableValue(expression: string, variables: Variables): string | undefined {
  if (expression === '*' || expression === '?' || expression === '$') return expression;
  const [, name = '', fallback] = /^\s*([^,]+?)\s*(?:,\s*'(.*)'\s*)?$/.exec(expression) ?? [];
  return variables(name) ?? fallback;
}
