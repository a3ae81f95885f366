import type { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PrivacyPolicy } from '../../functions/core/privacy-policy.ts';
import { ENVIRONMENT } from '../../functions/environment.ts';
import type { Cell, Topology } from '../config.ts';
import { DIRECTORY_TABLE, dataTableName, keyTableName, PRIVACY_BUS } from '../names.ts';
import { logRetention, type PrivacyParameters, tunableEnvironment } from '../parameters.ts';
import type { PrivacyTask } from '../surfaces.ts';
import { type Addresses, topologyEnvironment } from '../topology-environment.ts';
import { privacyEnvironment } from './privacy-environment.ts';
import type { Abroad } from './residency-guard.ts';
import { SurfaceFunction } from './surface-function.ts';

/** What the workflows and the consumer of streams are built from. */
export interface PrivacyContext {
  readonly cell: Cell;
  readonly topology: Topology;
  readonly addresses: Addresses;
  readonly parameters: PrivacyParameters;
  /** Wraps the cell's own keyring. */
  readonly cellKeyArn: string;
  readonly dataStreamArn: string;
  /** In the primary region; the directory's replicas tell of the same writes. */
  readonly directoryStreamArn: string | undefined;
  /** Name of the archive's bucket; at deployment an empty text, unless the audit trail is archived. */
  readonly archiveBucket: string;
  /** What personal data is processed for. */
  readonly privacyPolicy: PrivacyPolicy;
  /** On which processors are told. */
  readonly busArn: string;
}

interface PrivacyTaskProps {
  readonly surface: PrivacyTask;
  readonly statements: ReadonlyArray<PolicyStatement>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly abroad?: Abroad;
  readonly memoryMiB: number;
  /** One state's work < timeout < the state's own timeout. */
  readonly timeout: Duration;
  readonly needsPrivacyPolicy?: boolean;
}

/** A function that workflows, a stream or an operator invoke, with what all of these need to know. */
export function createPrivacyTask(
  scope: Construct,
  context: PrivacyContext,
  { environment = {}, ...props }: PrivacyTaskProps,
): SurfaceFunction {
  const { cell, topology, parameters } = context;
  return new SurfaceFunction(scope, 'Surface', {
    ...props,
    ...(props.needsPrivacyPolicy === true && { privacyPolicy: context.privacyPolicy }),
    topology,
    logRetention: logRetention(parameters),
    environment: {
      ...withoutFront(topologyEnvironment(cell, topology, context.addresses)),
      [ENVIRONMENT.directoryTable]: DIRECTORY_TABLE,
      [ENVIRONMENT.dataTable]: dataTableName(cell),
      [ENVIRONMENT.keyTable]: keyTableName(cell),
      [ENVIRONMENT.privacyBus]: PRIVACY_BUS,
      ...privacyEnvironment(scope, cell),
      ...environment,
      ...tunableEnvironment(parameters, props.surface),
    },
  });
}

/** Nobody reaches these through a front, so that they know no front's secret. */
function withoutFront({ [ENVIRONMENT.edgeSecret]: _secret, ...rest }: Record<string, string>) {
  return rest;
}
