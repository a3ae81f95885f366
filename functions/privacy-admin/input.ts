import * as z from 'zod/mini';
import { holdsEmailAddress } from '../core/email-address.ts';
import { HttpError } from '../core/errors.ts';
import { readJson } from '../http/json-body.ts';
import type { HttpRequest } from '../http/message.ts';

/** What bodies name: whom, and why. */
export const SUB = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,128}$/));
export const REASON = z.string().check(z.trim(), z.minLength(1), z.maxLength(256));
/** Of what takes nothing but a reason. */
export const BECAUSE = z.strictObject({ reason: REASON });

/**
 * As `readJson`, where the reason is kept in clear, and longer than the person's data: with their
 * request and in the audit trail. Throws HttpError 400 for one with an e-mail address in it.
 */
export function readReasoned<Schema extends z.ZodMiniType<{ readonly reason: string }>>(
  http: HttpRequest,
  schema: Schema,
): z.infer<Schema> {
  const body = readJson(http, schema);
  if (holdsEmailAddress(body.reason)) {
    throw new HttpError(
      400,
      'no personal data in reasons: they are kept for longer than people’s data. This one has an e-mail address in it; name a ticket or a letter instead',
    );
  }
  return body;
}
