import type { z } from 'zod';
import { HttpError } from '../core/errors.ts';
import type { HttpRequest } from './message.ts';

/**
 * The body of a `json` route as its schema says. Throws HttpError 400 that names what is wrong and
 * never quotes it: bodies hold personal data, and the sentence ends up in a log.
 */
export function readJson<Schema extends z.ZodType>(
  { json }: HttpRequest,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) => path.join('.') || 'the body').slice(0, 5);
  throw new HttpError(400, `not as it should be: ${[...new Set(where)].join(', ')}`);
}
