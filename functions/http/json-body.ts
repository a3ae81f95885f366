import type * as z from 'zod/mini';
import { HttpError } from '../core/errors.ts';
import type { HttpRequest } from './message.ts';

/**
 * The body of a `json` route as its schema says. Throws HttpError 400 that names what is wrong and
 * never quotes it: bodies hold personal data, and the sentence ends up in a log. Of what is nested
 * only the member of the body is named, since names further in may be the sender's own.
 */
export function readJson<Schema extends z.ZodMiniType>(
  { json }: HttpRequest,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) => String(path[0] ?? 'the body')).slice(0, 5);
  throw new HttpError(400, `not as it should be: ${[...new Set(where)].join(', ')}`);
}
