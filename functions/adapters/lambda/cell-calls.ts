import { InvocationType, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CellName, Cells, KnownCell } from '../../core/cells.ts';
import { CellAwayError, InvariantError, type UnavailableError } from '../../core/errors.ts';
import type { CalledSurface, CellCalls } from '../../core/ports/cell-calls.ts';
import { isTransient } from '../aws-errors.ts';
import { renewIdleConnections } from '../idle-connections.ts';
import { createSilentCells } from './silent-cells.ts';

/** CALL_TIMEOUT_MS + what the caller does itself < the timeout of every function. */
const CALL_TIMEOUT_MS = 4000;
const SIGN_OF_LIFE_TIMEOUT_MS = 1000;
/** As long as a browser may be sent to a cell that has died meanwhile. */
const ALIVE_FOR_MS = 5000;
/** As long as somebody may read in vain that it does not answer; every question takes 1 s. */
const AWAY_FOR_MS = 15_000;

const NOT_READY: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'ResourceConflictException',
]);

interface CellCallsDeps {
  readonly cells: Cells;
  /** Asked for signs of life: one that the caller may invoke anyway. */
  readonly signOfLife: CalledSurface;
  /** Milliseconds since the epoch. */
  readonly nowMs?: () => number;
  /** A client for that region which never repeats a call. */
  readonly connect?: (region: string) => LambdaClient;
}

interface Call {
  readonly surface: CalledSurface;
  readonly payload: object;
}

interface Remembered {
  readonly isReachable: Promise<boolean>;
  forgetAtMs: number;
}

/** Calls the functions of other cells. Nothing is connected before the first call. */
export function createCellCalls({
  cells,
  signOfLife,
  nowMs = Date.now,
  connect = connectOnce,
}: CellCallsDeps): CellCalls {
  const clients = new Map<string, LambdaClient>();
  const signsOfLife = new Map<CellName, Remembered>();
  const silentCells = createSilentCells(nowMs);

  function clientOf({ region }: KnownCell): LambdaClient {
    const known = clients.get(region);
    if (known !== undefined) return known;
    const client = renewIdleConnections(connect(region), nowMs);
    clients.set(region, client);
    return client;
  }

  async function call(name: CellName, { surface, payload }: Call): Promise<unknown> {
    const cell = requireOther(cells, name);
    await silentCells.requireVoice(name, () => askForSignOfLife(cell, surface));
    const command = new InvokeCommand({
      FunctionName: functionOf(surface),
      Payload: Buffer.from(JSON.stringify(payload)),
    });
    const startedAtMs = nowMs();
    try {
      const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
      const { FunctionError, Payload } = await clientOf(cell).send(command, { abortSignal });
      // What it says of its failure is in its own log, and may quote what it was sent.
      if (FunctionError !== undefined) throw away(name, new Error('its function failed'));
      return parseAnswer(Payload, name);
    } catch (error) {
      silentCells.note(name, { error, startedAtMs, timeoutMs: CALL_TIMEOUT_MS });
      throw isAway(error) ? away(name, error) : error;
    }
  }

  /** Lambda's own check that it would run the function: no code of ours, hence no cold start. */
  async function askForSignOfLife(cell: KnownCell, surface: CalledSurface): Promise<boolean> {
    const command = new InvokeCommand({
      FunctionName: functionOf(surface),
      InvocationType: InvocationType.DryRun,
    });
    const startedAtMs = nowMs();
    try {
      const abortSignal = AbortSignal.timeout(SIGN_OF_LIFE_TIMEOUT_MS);
      await clientOf(cell).send(command, { abortSignal });
      return true;
    } catch (error) {
      silentCells.note(cell.name, { error, startedAtMs, timeoutMs: SIGN_OF_LIFE_TIMEOUT_MS });
      if (isAway(error)) return false;
      throw error;
    }
  }

  const from = cells.own.name;
  return {
    forward: (cell, surface, event) =>
      call(cell, { surface, payload: { ...event, forwardedBy: from } }),

    tell: (cell, cellMessage) =>
      call(cell, { surface: 'interaction', payload: { cellMessage, from } }),

    async isReachable(name) {
      if (name === from) return true;
      const cell = cells.find(name);
      if (cell === undefined) return false;
      const known = signsOfLife.get(name);
      if (known !== undefined && nowMs() < known.forgetAtMs) return known.isReachable;
      const isReachable = askForSignOfLife(cell, signOfLife);
      const askedAtMs = nowMs();
      const entry: Remembered = { isReachable, forgetAtMs: askedAtMs + AWAY_FOR_MS };
      signsOfLife.set(name, entry);
      try {
        if (await isReachable) entry.forgetAtMs = askedAtMs + ALIVE_FOR_MS;
      } catch {
        // A missing permission is a mistake of ours and no answer: nothing to remember.
        signsOfLife.delete(name);
      }
      return isReachable;
    },
  };
}

/** One attempt: what was called may have acted before the answer was lost. */
function connectOnce(region: string): LambdaClient {
  return new LambdaClient({ region, maxAttempts: 1, requestHandler: { connectionTimeout: 1000 } });
}

/** Down, or not deployed yet; what we may not call is another matter, and a mistake. */
function isAway(error: unknown): boolean {
  return isTransient(error) || (error instanceof Error && NOT_READY.has(error.name));
}

/** As `lib/names.ts` names them, in every region. */
function functionOf(surface: CalledSurface): string {
  return `domicile-${surface}`;
}

function requireOther(cells: Cells, name: CellName): KnownCell {
  const cell = cells.find(name);
  if (cell !== undefined && name !== cells.own.name) return cell;
  throw new InvariantError('a call to a cell that is none of the others');
}

function parseAnswer(payload: Uint8Array | undefined, cell: CellName): unknown {
  try {
    return JSON.parse(Buffer.from(payload ?? []).toString('utf8'));
  } catch {
    // The parser's own words quote what it read.
    throw away(cell, new Error('its answer is no JSON'));
  }
}

function away(cell: CellName, cause: unknown): UnavailableError {
  return new CellAwayError(cell, cause);
}
