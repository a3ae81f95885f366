import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../template/json.ts';
import { createdAtMs, halve, sequenceOf, toBatches, toEventRecord } from './batch.ts';
import type { GiveUpCondition } from './failure-destination.ts';
import type { Attempt } from './invocation.ts';
import type { StreamMapping } from './mapping.ts';
import { type StreamReader, StreamUnavailableError } from './stream-reader.ts';

export interface ConsumerOptions {
  readonly mapping: StreamMapping;
  readonly reader: StreamReader;
  /** Sequence number of the last record that an earlier start was done with. */
  readonly position: string | undefined;
  readonly nowMs: () => number;
  /** Nothing is read and nothing runs in a region that is down. */
  readonly isDown: () => boolean;
  invoke(records: ReadonlyArray<JsonObject>): Promise<Attempt>;
  giveUp(piece: Piece, condition: GiveUpCondition): Promise<void>;
  onPosition(sequence: string | undefined): void;
  onTrouble(message: string): void;
}

/** Records that the function gets together, and what became of it so far. */
export interface Piece {
  readonly records: ReadonlyArray<JsonObject>;
  readonly attempts: number;
  /** Of the latest attempt. */
  readonly requestId: string;
}

/** Pauses between attempts double; on AWS they grow to a minute. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 25;
/** Where the template sets no limit to attempts, a delivery must still come to an end. */
const ATTEMPTS_PER_DELIVERY = 8;

/** One mapping at work: its shard's records in order, one invocation at a time. */
export class StreamConsumer {
  readonly #options: ConsumerOptions;
  #position: string | undefined;
  #underway: Promise<boolean> = Promise.resolve(true);
  #isHalted = false;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#position = options.position;
    options.reader.seek(options.position);
  }

  /** Finds the place of a mapping that begins at the stream's end. */
  async open(): Promise<void> {
    if (this.#options.mapping.startingPosition === 'LATEST') await this.#options.reader.open();
  }

  /**
   * Delivers what is there, to the end. False when it had to stop before: the cell is down, or the
   * function goes on failing; what is left comes with the next delivery.
   */
  deliver(): Promise<boolean> {
    this.#underway = this.#underway.then(() => this.#deliver());
    return this.#underway;
  }

  /** Stops between two attempts, and waits for the one under way. */
  async halt(): Promise<void> {
    this.#isHalted = true;
    await this.#underway;
  }

  /** After a halt: the stream begins anew. */
  restart(): void {
    this.#isHalted = false;
    this.#moveTo(undefined);
    this.#options.reader.seek(undefined);
  }

  async #deliver(): Promise<boolean> {
    const { reader, onTrouble } = this.#options;
    try {
      for (;;) {
        if (this.#isHalted || this.#options.isDown()) return false;
        const records = await reader.read();
        const last = records.at(-1);
        if (last === undefined) return true;
        if (!(await this.#deliverAll(records))) break;
        this.#moveTo(sequenceOf(last));
      }
    } catch (error) {
      if (!(error instanceof StreamUnavailableError)) throw error;
      onTrouble(error.message);
    }
    // What was read and not done with is read again.
    reader.seek(this.#position);
    return false;
  }

  async #deliverAll(records: ReadonlyArray<JsonObject>): Promise<boolean> {
    const { batchSize, streamArn, wants } = this.#options.mapping;
    const wanted = records.map((record) => toEventRecord(record, streamArn)).filter(wants);
    for (const batch of toBatches(wanted, batchSize)) {
      if (!(await this.#deliverBatch(batch))) return false;
    }
    return true;
  }

  /** Pieces stay in order; what is done with at their front is never delivered again. */
  async #deliverBatch(batch: ReadonlyArray<JsonObject>): Promise<boolean> {
    let pieces: ReadonlyArray<Piece> = [{ records: batch, attempts: 0, requestId: '' }];
    let failures = 0;
    for (let piece = pieces[0]; piece !== undefined; piece = pieces[0]) {
      if (this.#isHalted || this.#isTooMuch(failures)) return false;
      const left = await this.#attempt(piece);
      if (left === 'unavailable') return false;
      const isSame = left.length > 0;
      failures = isSame ? failures + 1 : 0;
      pieces = [...left, ...pieces.slice(1)];
      if (isSame) await sleep(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
    }
    return true;
  }

  #isTooMuch(failures: number): boolean {
    const isLimited = Number.isFinite(this.#options.mapping.maxRetries);
    return !isLimited && failures >= ATTEMPTS_PER_DELIVERY;
  }

  /** What is left of a piece: nothing, the rest of it, or its halves. */
  async #attempt(piece: Piece): Promise<ReadonlyArray<Piece> | 'unavailable'> {
    const { invoke, mapping } = this.#options;
    const young = await this.#withoutOld(piece);
    if (young.length === 0) return [];
    const answer = await invoke(young);
    if (answer === 'unavailable') return answer;
    if (answer === 'throttled') return [{ ...piece, records: young }];
    const rest = young.slice(answer.done);
    this.#moveBehind(young.slice(0, answer.done));
    if (rest.length === 0) return [];
    const { requestId } = answer;
    if (mapping.bisects && answer.done === 0 && rest.length > 1) {
      // Neither half has been tried by itself yet: splitting is no retry.
      return halve(rest).map((records) => ({ ...piece, records, requestId }));
    }
    const tried = { records: rest, attempts: piece.attempts + 1, requestId };
    if (tried.attempts <= mapping.maxRetries) return [tried];
    await this.#giveUp(tried, 'RetryAttemptsExhausted');
    return [];
  }

  async #withoutOld(piece: Piece): Promise<ReadonlyArray<JsonObject>> {
    const { mapping, nowMs } = this.#options;
    const oldestMs = nowMs() - mapping.maxRecordAgeSeconds * 1000;
    const found = piece.records.findIndex((record) => createdAtMs(record) >= oldestMs);
    const count = found === -1 ? piece.records.length : found;
    if (count === 0) return piece.records;
    await this.#giveUp({ ...piece, records: piece.records.slice(0, count) }, 'RecordAgeExceeded');
    return piece.records.slice(count);
  }

  async #giveUp(piece: Piece, condition: GiveUpCondition): Promise<void> {
    await this.#options.giveUp(piece, condition);
    this.#moveBehind(piece.records);
  }

  #moveBehind(records: ReadonlyArray<JsonObject>): void {
    const last = records.at(-1);
    if (last !== undefined) this.#moveTo(sequenceOf(last));
  }

  #moveTo(sequence: string | undefined): void {
    this.#position = sequence;
    this.#options.onPosition(sequence);
  }
}
