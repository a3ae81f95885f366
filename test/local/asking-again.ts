import type { TestCloud } from '../harness/cloud.ts';
import type { Withholding } from './withholding.ts';

/** Of people and apps of one cloud, until they are let go. */
export interface Callers {
  /** How often somebody was refused for want of a statement, and asked again. */
  refused(): number;
  /** From now on they take what they are given. */
  letGo(): void;
}

/** Where people and apps, and S3's links, reach a cloud. */
export interface Reached extends Pick<TestCloud, 'issuer' | 'cellUrls'> {
  readonly cloud: { seed(): { readonly aws: { readonly endpoint: string } } };
}

/**
 * Whoever is refused by this cloud for want of a statement asks for the same again once it is given
 * back, so that nobody has to begin anew what was right until then. Who asks meanwhile, too, in a
 * container that ends with that, is refused for nothing that is missing any more: such an answer is
 * taken, the journey fails and begins anew, and nothing is shown by it.
 */
export function letCallersAskAgain(
  { issuer, cellUrls, cloud }: Reached,
  withholding: Pick<Withholding, 'missing' | 'conclude'>,
): Callers {
  const own = [issuer, ...Object.values(cellUrls), cloud.seed().aws.endpoint];
  const ports = new Set(own.map((url) => new URL(url).port));
  let refused = 0;
  let isOver = false;
  const ask = globalThis.fetch;
  const askAgain: typeof fetch = async (url, init) => {
    let answer = await ask(url, init);
    const isWanting = () => !isOver && isRefusal(answer) && withholding.missing() !== undefined;
    while (ports.has(portOf(url)) && isWanting()) {
      await withholding.conclude();
      refused += 1;
      answer = await ask(url, init);
    }
    return answer;
  };
  globalThis.fetch = askAgain;
  return {
    refused: () => refused,
    letGo: () => {
      isOver = true;
      // Somebody may have come after it, and goes on through it.
      if (globalThis.fetch === askAgain) globalThis.fetch = ask;
    },
  };
}

function portOf(asked: string | URL | Request): string {
  return new URL(asked instanceof Request ? asked.url : asked).port;
}

/** Functions fail; a link that one of them has signed leads to nothing that it may read. */
function isRefusal({ status, url }: Response): boolean {
  return status >= 500 || (status === 403 && new URL(url).searchParams.has('X-Amz-Signature'));
}
