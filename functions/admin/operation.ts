import type { KeyRotations } from '../adapters/dynamodb/key-rotations.ts';
import type { RotationRuns } from '../adapters/states/rotation-runs.ts';
import type { Acting } from '../core/audit/act.ts';
import type { CellName } from '../core/cells.ts';
import type { ClientId, SecretHash } from '../core/ids.ts';
import type { ClientRegistry } from '../core/ports/clients.ts';
import type { EpochSeconds } from '../core/time.ts';

export interface AdminDeps {
  readonly registry: ClientRegistry;
  /** The deployment's. */
  readonly cellNames: ReadonlyArray<CellName>;
  /** Read alone: rotations write. */
  readonly rotations: Pick<KeyRotations, 'load'>;
  readonly rotationRuns: RotationRuns;
  readonly hashSecret: (secret: string) => SecretHash;
  readonly randomToken: (bytes?: number) => string;
}

export interface Performed {
  readonly result: Readonly<Record<string, unknown>>;
  /** For the audit line. Absent where no client is meant. */
  readonly clientId?: ClientId;
}

export type Input = Readonly<Record<string, unknown>>;

/** One operation of the admin function. Throws AdminError or ClientMetadataError. */
export type Operation = (deps: AdminDeps, input: Input, now: EpochSeconds) => Promise<Performed>;

/** Of an operation: which operator it was, data events of CloudTrail tell, if they are recorded. */
export function actingOfOperator(at: EpochSeconds): Acting {
  return { actor: { type: 'system', name: 'admin' }, at };
}

/** Why an operation was refused; the description is for the operator. */
export class AdminError extends Error {
  readonly code: 'invalid_request' | 'not_found' | 'conflict';

  constructor(code: AdminError['code'], description: string) {
    super(description);
    this.name = 'AdminError';
    this.code = code;
  }
}
