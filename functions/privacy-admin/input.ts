import { z } from 'zod';

/** What bodies name: whom, and why. */
export const SUB = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);
/** It is kept longer than the person's data: no place for anything personal. */
export const REASON = z.string().trim().min(1).max(256);
/** Of what takes nothing but a reason. */
export const BECAUSE = z.strictObject({ reason: REASON });
