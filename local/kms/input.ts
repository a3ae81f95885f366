/** Members of KMS requests, bounded as the API reference says. */
import { z } from 'zod';
import { AwsError } from '../types.ts';

export const keyId = z.string().min(1).max(2048);

/** Base64 on the wire → bytes. */
export function blob(maximumBytes: number, minimumBytes = 1) {
  return z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length >= minimumBytes && bytes.length <= maximumBytes, {
      message: `Member must have length between ${minimumBytes} and ${maximumBytes}`,
    });
}

export const encryptionContext = z.record(z.string(), z.string()).default({});

/** Throws ValidationException naming the member that is wrong, never its value. */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${issue?.path.join('.')}' failed to satisfy constraint: ${issue?.message}`,
  );
}
