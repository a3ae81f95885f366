import * as z from 'zod/mini';

/** What bodies name: whom, and why. */
export const SUB = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,128}$/));
/** It is kept longer than the person's data: no place for anything personal. */
export const REASON = z.string().check(z.trim(), z.minLength(1), z.maxLength(256));
/** Of what takes nothing but a reason. */
export const BECAUSE = z.strictObject({ reason: REASON });
