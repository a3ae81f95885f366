import { UnavailableError } from '../core/errors.ts';
import type { Challenges } from '../core/ports/challenges.ts';
import type { HttpResponse } from '../http/message.ts';

/**
 * Does what a right code or password was given for. When a dependency is away, the try is given
 * back: somebody who gives the right code again and again until it is there must not use it up.
 */
export async function orGiveBack(
  challenges: Challenges,
  tried: Parameters<Challenges['giveBack']>[0],
  work: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnavailableError) await challenges.giveBack(tried);
    throw error;
  }
}
