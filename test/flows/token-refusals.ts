import { expect } from 'vitest';
import type { RawAnswer } from './post-form.ts';

/** A request that RFC 6749 §5.2 refuses. */
export interface Refusal {
  readonly promise: string;
  readonly send: () => Promise<RawAnswer>;
  readonly status: number;
  readonly error: string;
}

/** RFC 6749 §5.2: JSON that nobody may store, with what the characters may be. */
export async function expectRefusal({ send, status, error }: Refusal): Promise<void> {
  const answer = await send();
  expect(answer.json).toMatchObject({ error, error_description: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(String(answer.json['error_description'])).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
}
