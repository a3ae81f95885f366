import type { z } from 'zod';

/** `--context cells='[…]'` arrives as text; `cdk.json` gives the value itself. */
export function parseJsonText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** One sentence: the value that is wrong, where it stands, and what would be accepted. */
export function describeIssue(
  error: z.ZodError,
  context: Readonly<Record<string, unknown>>,
): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'the context is of no use';
  let value: unknown = context;
  for (const step of issue.path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  const place = issue.path.reduce<string>(
    (path, step) =>
      typeof step === 'number'
        ? `${path}[${step}]`
        : `${path}${path === '' ? '' : '.'}${String(step)}`,
    '',
  );
  return `context "${place}" is ${JSON.stringify(value) ?? 'missing'}: expected ${issue.message}`;
}
