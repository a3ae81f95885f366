/** Where a step of a workflow can be cut off, told by the AWS calls that it makes. */

/** At which of its places a step is cut off, from 1; a step that has fewer is not. */
export type Cut = number;

/** Where what is left behind is not what any other place leaves. */
export interface Place {
  readonly call: string;
  readonly kind: 'crash-before' | 'crash-after';
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
    const before = this.#calls().filter(({ call }) => call.startsWith(`${name} #`));
    const call = `${name} #${before.length + 1}`;
    this.#present = [...this.#present, { call, isFirst: this.#present.length === 0, ending }];
    return call;
  }

  /** What it was about to do it does again, from the start, under the same numbers. */
  cut(): void {
    this.cuts += 1;
    this.#present = [];
  }

  /**
   * All that a crash leaves behind is what the function has changed. Nothing outside the function
   * changes between two of its calls (of calls that are under way together, one after the other is cut
   * off after), and neither a read changes anything nor a write that AWS
   * refuses: to be cut off before a call, or after such a one, is to be cut off after whatever was
   * written last. So the places are before the first call of each time that the function is invoked,
   * and after each call that has written.
   */
  places(): ReadonlyArray<Place> {
    return this.#calls().flatMap(
      ({ call, isFirst, ending }): ReadonlyArray<Place> => [
        ...(isFirst ? [{ call, kind: 'crash-before' } as const] : []),
        ...(READ.test(call) || ending.outcome !== 'ok'
          ? []
          : [{ call, kind: 'crash-after' } as const]),
      ],
    );
  }

  #calls(): ReadonlyArray<TrackedCall> {
    return [...this.#earlier, ...this.#present];
  }
}

/** What AWS answers from what there is; any other call writes, unless it is refused. */
const READ = /^(dynamodb (GetItem|BatchGetItem|Query|Scan)|kms Sign|s3 (GetObject|ListObjectsV2)) /;
