import { join } from 'node:path';
import type { CellStates } from './cell-states.ts';
import type { SharedClock } from './clock.ts';
import type { Closer } from './closing.ts';
import type { CloudOptions } from './cloud-options.ts';
import { createReplication, type Replication } from './dynamodb/replication.ts';
import { createEventArchive, type EventArchive } from './events/event-archive.ts';
import { createFunctions, type Functions } from './functions.ts';
import { type CallLog, createCallLog } from './gateway/call-log.ts';
import { type Credentials, createCredentialRegistry } from './gateway/credentials.ts';
import { createFaults, type Faults } from './gateway/faults.ts';
import { startGateway } from './gateway/gateway.ts';
import { LATENCIES } from './gateway/latency.ts';
import type { DenialListener } from './gateway/pipeline.ts';
import { createDeployedPolicies, type DeployedPolicies } from './iam/deployed-policies.ts';
import { OPERATOR_ROLE_ARN } from './iam/principals.ts';
import { type KeyVault, openKeyVault } from './kms/vault.ts';
import { createConcurrency } from './lambda/concurrency.ts';
import { createFunctionLogs, type FunctionLogs } from './lambda/function-logs.ts';
import { type Region, startRegion } from './region.ts';
import type { Deployment } from './template/deployment.ts';
import { ACCOUNT_ID } from './template/physical-ids.ts';
import type { AuthorizationQuery, Principal } from './types.ts';

/** The account's administrator: who runs the local cloud. */
export const OPERATOR: Principal = { roleArn: OPERATOR_ROLE_ARN, name: 'operator' };

/** The AWS account of the local cloud, without what stands in front of it. */
export interface Infrastructure {
  readonly regions: ReadonlyMap<string, Region>;
  readonly functions: Functions;
  readonly authorizer: DeployedPolicies;
  readonly callLog: CallLog;
  readonly faults: Faults;
  readonly logs: FunctionLogs;
  /** What was put on the buses. */
  readonly archive: EventArchive;
  readonly gatewayUrl: string;
  readonly operatorCredentials: Credentials;
  readonly states: CellStates;
  readonly replication: Replication;
  readonly vault: KeyVault;
}

/** What the services of all regions share. */
export interface Surroundings {
  readonly clock: SharedClock;
  readonly states: CellStates;
}

/** Starts services, gateway and functions from what was deployed; `closers` learns what to undo. */
export async function startInfrastructure(
  deployment: Deployment,
  { clock, states }: Surroundings,
  options: CloudOptions,
  closers: Array<Closer>,
): Promise<Infrastructure> {
  const logs = createFunctionLogs(clock.nowMs);
  const archive = createEventArchive(clock.nowMs);
  const callLog = createCallLog(clock.nowMs);
  const faults = createFaults();
  const credentials = createCredentialRegistry();
  const vault = await openVault(deployment, clock, options);
  const authorizer = createDeployedPolicies(deployment, (keyArn) => vault.findMadeKey(keyArn));
  const regions = new Map<string, Region>();

  const gateway = await startGateway({
    find: (service, region) => regions.get(region)?.find(service),
    credentials,
    authorizer,
    faults,
    callLog,
    latency: LATENCIES[options.latency ?? 'none'],
    tellsOfSilence: options.pauses === 'skipped',
    onDenied: logDenial(logs, options.onWarning),
    residency: { primaryRegion: options.cells[0]?.region ?? '' },
    failureOf: states.failureOf,
    nowMs: clock.nowMs,
  });
  closers.push(gateway.close);

  const functions = createFunctions(deployment, {
    credentials,
    clockOffset: clock.offset,
    skipsPauses: options.pauses === 'skipped',
    ...(options.threads && { threads: options.threads }),
    logs,
    endpointUrl: gateway.url,
    isAllowed: (query) => authorizer.authorize(query).allowed,
    isDown: states.isDown,
    concurrency: createConcurrency(options.concurrency),
  });
  closers.push(() => functions.recycle());

  for (const name of new Set(deployment.stacks.map(({ region }) => region))) {
    const region = await startRegion({
      name,
      accountId: ACCOUNT_ID,
      deployment,
      findPool: (nameOrArn) => functions.find(name, nameOrArn),
      vault,
      clock,
      dynamodbEngine: options.dynamodbEngine ?? 'dynalite',
      dataDirectory: options.dataDirectory,
      gatewayUrl: gateway.url,
      credentials,
      isAllowed: (query) => isAllowed(query, authorizer, options.onWarning),
      logs,
      archive,
      disabledRules: options.disabledRules ?? [],
      retryPauses: options.retryPauses ?? 'short',
      streamMode: options.streams ?? 'live',
      isDown: states.isDown,
    });
    closers.push(region.close);
    regions.set(name, region);
  }
  const services = new Map([...regions].map(([name, { dynamodb }]) => [name, dynamodb]));
  const replication = createReplication({ services, clock });
  closers.push(() => replication.close());
  return {
    regions,
    functions,
    authorizer,
    callLog,
    faults,
    logs,
    archive,
    gatewayUrl: gateway.url,
    operatorCredentials: credentials.issue(OPERATOR),
    states,
    replication,
    vault,
  };
}

async function openVault(
  { byType }: Deployment,
  clock: SharedClock,
  { dataDirectory, tagDelaySeconds = 0 }: CloudOptions,
): Promise<KeyVault> {
  const types = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey', 'AWS::KMS::Alias'];
  return openKeyVault({
    account: ACCOUNT_ID,
    resources: types.flatMap(byType),
    clock,
    tagDelayMs: tagDelaySeconds * 1000,
    ...(dataDirectory !== undefined && { dataDirectory: join(dataDirectory, 'kms') }),
  });
}

/** Of rights that are asked for while stacks are deployed: no call and no log tells of them. */
function isAllowed(
  query: AuthorizationQuery,
  authorizer: DeployedPolicies,
  onWarning: CloudOptions['onWarning'] = () => undefined,
): boolean {
  const decision = authorizer.authorize(query);
  if (decision.allowed) return true;
  onWarning(`${decision.message}. Add to the role's policy: ${decision.suggestion}`);
  return false;
}

/** What AWS keeps to itself and a developer wants to know: the statement that is missing. */
function logDenial(
  logs: FunctionLogs,
  onWarning: CloudOptions['onWarning'] = () => undefined,
): DenialListener {
  return ({ request, requestId, message, suggestion }) => {
    const text = `${message}. Add to the function's policy: ${suggestion}`;
    const { principal, region } = request;
    logs.add({ function: principal.name, region, requestId, stream: 'platform', message: text });
    onWarning(text);
  };
}
