/** Where a step of a workflow can be cut off, told by the AWS calls that it makes. */

/** At which of its places a step is cut off, from 1; a step that has fewer is not. */
export type Cut = number;

/** Where what is left behind is not what any other place leaves. */
export interface Place {
  readonly call: string;
  readonly kind: 'crash-before' | 'crash-after';
  /** Whether an invocation begins with this call: before it nothing at all has been done. */
  readonly isFirst: boolean;
}

/** By step, its places in the order of its calls. */
export type Places = ReadonlyMap<string, ReadonlyArray<Place>>;

/** As many as the step with the most places has. */
export function cutsOf(places: Places): ReadonlyArray<Cut> {
  const all = [...places.values()].flat();
  if (!all.some(({ kind }) => kind === 'crash-after')) throw new Error('no write was seen to end');
  const most = Math.max(...[...places.values()].map(({ length }) => length));
  return Array.from({ length: most }, (_, index) => index + 1);
}

/**
 * By the cuts that each is given: every cut is somebody's. To be cut off before an invocation has done
 * anything leaves nothing behind: whoever is cut off there is cut off next as if that had not been.
 */
export function sharesOf(places: Places): ReadonlyArray<ReadonlyArray<Cut>> {
  const shares: Array<ReadonlyArray<Cut>> = [];
  let harmless: ReadonlyArray<Cut> = [];
  for (const cut of cutsOf(places)) {
    const there = [...places.values()].flatMap((all) => all[cut - 1] ?? []);
    const share = [...harmless, cut];
    harmless = there.every(({ isFirst }) => isFirst) ? share : [];
    if (harmless.length === 0) shares.push(share);
  }
  return harmless.length === 0 ? shares : [...shares, harmless];
}

/** The place after a call that is made once, as a plan numbers it. */
export function placeAfter(name: string, places: ReadonlyArray<Place>): Cut {
  const isMeant = ({ call, kind }: Place) => kind === 'crash-after' && call === `${name} #1`;
  return places.findIndex(isMeant) + 1;
}

/** `ok` or AWS's error code, once the call has ended. */
export interface Ending {
  outcome: string | undefined;
}

interface TrackedCall {
  /** A number tells it from those of the same name. */
  readonly call: string;
  readonly isFirst: boolean;
  readonly ending: Ending;
}

/** The calls of one step about one subject, however often it is gone through. */
export class Track {
  cuts = 0;
  #invocation = '';
  #earlier: ReadonlyArray<TrackedCall> = [];
  #present: ReadonlyArray<TrackedCall> = [];

  /** Which call this is. */
  follow(invocation: string, name: string, ending: Ending): string {
    if (invocation !== this.#invocation) {
      this.#earlier = this.#calls();
      this.#present = [];
      this.#invocation = invocation;
    }
    const call = `${name} #${this.#count(name) + 1}`;
    this.#present = [...this.#present, { call, isFirst: this.#present.length === 0, ending }];
    return call;
  }

  /** Whether an invocation that begins now would make this call first, or among the first. */
  isAbout(call: string): boolean {
    const [name = '', number] = call.split(' #');
    return Number(number) === this.#count(name) + 1;
  }

  /** The invocation that is to begin will not: what it would do stays to be done. */
  cutAtOnce(): void {
    this.cuts += 1;
  }

  /** What it was about to do it does again, from the start, under the same numbers. */
  cut(): void {
    this.cuts += 1;
    this.#present = [];
  }

  /**
   * All that a crash leaves behind is what the function has changed. Nothing outside the function
   * changes between two of its calls, and neither a read changes anything nor a write that AWS
   * refuses: to be cut off before a call, or after such a one, is to be cut off after whatever was
   * written last. So the places are before the first call of each time that the function is invoked,
   * and after each call that has written.
   *
   * Of writes that are under way together one after the other is cut off after, which leaves those
   * out that come later. What is `sideBySide` is cut off before each of them, too: the one that is
   * left out then is not always the latest.
   */
  places(sideBySide?: RegExp): ReadonlyArray<Place> {
    return this.#calls().flatMap(({ call, isFirst, ending }): ReadonlyArray<Place> => {
      const hasWritten = !isRead(call) && ending.outcome === 'ok';
      const isBeside = hasWritten && sideBySide?.test(call) === true;
      return [
        ...(isFirst || isBeside ? [{ call, kind: 'crash-before', isFirst } as const] : []),
        ...(hasWritten ? [{ call, kind: 'crash-after', isFirst: false } as const] : []),
      ];
    });
  }

  #count(name: string): number {
    return this.#calls().filter(({ call }) => call.startsWith(`${name} #`)).length;
  }

  #calls(): ReadonlyArray<TrackedCall> {
    return [...this.#earlier, ...this.#present];
  }
}

/**
 * Of `dynamodb GetItem`, with whatever comes behind it: whether AWS answers it from what there is. Any
 * other call writes, unless it is refused.
 */
export function isRead(call: string): boolean {
  const [service, operation] = call.split(' ');
  return READS.has(`${service} ${operation}`);
}

const READS = new Set([
  ...['GetItem', 'BatchGetItem', 'Query', 'Scan'].map((operation) => `dynamodb ${operation}`),
  ...['Sign', 'GetPublicKey', 'DescribeKey', 'ListKeys', 'ListResourceTags'].map(
    (operation) => `kms ${operation}`,
  ),
  ...['GetObject', 'ListObjectsV2'].map((operation) => `s3 ${operation}`),
]);
