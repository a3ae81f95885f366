import type { Withholding } from './withholding.ts';

/** Of people and apps in this process, until they are let go. */
export interface Callers {
  /** How often somebody was refused for want of a statement, and asked again. */
  refused(): number;
  /** From now on they take what they are given. */
  letGo(): void;
}

/**
 * Whoever is refused for want of a statement asks for the same again once it is given back, so that
 * nobody has to begin anew what was right until then.
 */
export function letCallersAskAgain(withholding: Withholding): Callers {
  let refused = 0;
  const ask = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    let answer = await ask(url, init);
    while (isRefusal(answer) && withholding.missing() !== undefined) {
      await withholding.conclude();
      refused += 1;
      answer = await ask(url, init);
    }
    return answer;
  };
  return {
    refused: () => refused,
    letGo: () => {
      globalThis.fetch = ask;
    },
  };
}

/** Functions fail; a link that one of them has signed leads to nothing that it may read. */
function isRefusal({ status, url }: Response): boolean {
  return status >= 500 || (status === 403 && new URL(url).searchParams.has('X-Amz-Signature'));
}
