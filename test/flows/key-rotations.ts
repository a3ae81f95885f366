import {
  DescribeKeyCommand,
  KMSClient,
  ListResourceTagsCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { RotationMode } from '../../functions/core/key-rotation.ts';
import type { ExecutionView } from '../../local/states/answers.ts';
import type { TestCloud } from '../harness/cloud.ts';

/** A key as the directory has it. */
export interface RecordedKey {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
  readonly keyId: string;
  /** Whether KMS has been told to delete it. */
  readonly isEnding: boolean;
}

/** A signing key as KMS of one region has it. */
export interface KmsKey {
  readonly keyId: string;
  readonly state: string;
}

export const HOUR = 3600;
/** Of the parameters `SigningKeyPublishHours` and `SigningKeyRetireHours`. */
export const PUBLISHED_SECONDS = 24 * HOUR;
export const RETIRED_SECONDS = 48 * HOUR;

export type Rotations = ReturnType<typeof createRotations>;

/** Starts rotations as an operator does, and looks at what they leave. */
export function createRotations(cloud: TestCloud) {
  const { endpoint, region, ...credentials } = cloud.cloud.seed().aws;
  const sfn = new SFNClient({ endpoint, region, credentials });
  const stateMachineArn = cloud.cloud.deployment.byType('AWS::StepFunctions::StateMachine')[0]
    ?.physicalId;
  const view = (executionArn: string): ExecutionView => {
    const found = cloud.cloud.executions().find(({ arn }) => arn === executionArn);
    if (found === undefined) throw new Error(`there is no execution ${executionArn}`);
    return found;
  };
  return {
    view,
    /** Starts one, and lets it run to its first wait or its end. */
    async start(mode: RotationMode, name?: string): Promise<string> {
      const input = JSON.stringify({ mode });
      const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      await cloud.advance(1);
      return started.executionArn ?? '';
    },
    async redrive(executionArn: string): Promise<void> {
      await sfn.send(new RedriveExecutionCommand({ executionArn }));
      await cloud.advance(1);
    },
    async statusOf(executionArn: string): Promise<string | undefined> {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return status;
    },
    /** Moves the clock from wait to wait, until the execution has ended. */
    async finish(executionArn: string): Promise<ExecutionView> {
      for (let moves = 0; moves < 10; moves += 1) {
        const { waitsUntil } = view(executionArn);
        if (waitsUntil === undefined) break;
        const leftMs = Date.parse(waitsUntil) - cloud.cloud.clock.nowMs();
        await cloud.advance(Math.max(1, Math.ceil(leftMs / 1000)));
      }
      return view(executionArn);
    },
    async recordedKeys(cell?: string): Promise<ReadonlyArray<RecordedKey>> {
      await cloud.flushReplication();
      const items = await cloud.items('directory', cell);
      return items
        .filter(({ pk, sk }) => pk === 'SIGNING-KEYS' && sk !== 'ROTATION')
        .map(({ sk, alg, state, keyId, deletionScheduledAt }) => ({
          kid: String(sk),
          alg: String(alg),
          state: String(state),
          keyId: String(keyId),
          isEnding: deletionScheduledAt !== undefined,
        }));
    },
    async kmsKeys(cell = cloud.cloud.cells[0]?.name ?? ''): Promise<ReadonlyArray<KmsKey>> {
      const client = new KMSClient({ endpoint, region: cloud.regions[cell] ?? '', credentials });
      const keys: Array<KmsKey> = [];
      for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
        for (const { KeyId } of Keys) {
          const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
          if (!Tags.some(({ TagValue }) => TagValue === 'signing')) continue;
          const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
          keys.push({ keyId: KeyId ?? '', state: KeyMetadata?.KeyState ?? '' });
        }
      }
      client.destroy();
      return keys;
    },
    close: () => sfn.destroy(),
  };
}

/** `ES256 active` and so on, sorted. */
export function statesOf(keys: ReadonlyArray<RecordedKey>): ReadonlyArray<string> {
  return keys.map(({ alg, state }) => `${alg} ${state}`).sort();
}
