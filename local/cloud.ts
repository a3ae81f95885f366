import { createClock, type SharedClock } from './clock.ts';
import { type Closer, closeAll } from './closing.ts';
import type { CloudOptions } from './cloud-options.ts';
import { createConsole } from './console/console.ts';
import { CONTROL_PREFIX, createControlApi } from './control/control-api.ts';
import type { ControlledCloud } from './control/controlled-cloud.ts';
import { runCustomResources } from './custom-resources.ts';
import { type Demos, reserveDemoPorts } from './demo/demos.ts';
import { type Front, type Listener, openFront } from './front.ts';
import { type AccessLog, createAccessLog } from './http-api/access-log.ts';
import { readHttpApi } from './http-api/from-template.ts';
import { createHttpApi } from './http-api/http-api.ts';
import { openInbox } from './inbox.ts';
import { type Infrastructure, OPERATOR, startInfrastructure } from './infrastructure.ts';
import { CELL_PORT_OFFSET, portOf } from './ports.ts';
import { controlCloud } from './running-cloud.ts';
import { type DemoUrls, moveDemoClients, seedClients } from './seed.ts';
import { takeSnapshot } from './snapshot.ts';
import { type CloudState, openDataDirectory } from './state.ts';
import { readAssembly } from './template/assembly.ts';
import { type Deployment, deploy } from './template/deployment.ts';
import { ACCOUNT_ID } from './template/physical-ids.ts';

/** The running local cloud: what `cdk deploy` would ship, on this machine. */
export interface Cloud extends ControlledCloud {
  readonly issuer: string;
  readonly demos: Demos;
  readonly deployment: Deployment;
  readonly infrastructure: Infrastructure;
  /** Has every function's first container ready. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Deploys an assembly on this machine. Throws PortInUseError, ParameterError, TemplateError,
 * PolicyError and CustomResourceError, and leaves nothing running then.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const closers: Array<Closer> = [];
  try {
    return await open(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function open(options: CloudOptions, closers: Array<Closer>): Promise<Cloud> {
  const progress = options.onProgress ?? (() => undefined);
  const data = await openDataDirectory(options.dataDirectory);
  closers.push(data.close);
  const before = await data.readState();
  const clock = createClock(before?.clockOffsetMs);
  const fronts = await openFronts(options, closers);
  const demoPorts = await reserveDemoPorts(options.port);
  closers.push(demoPorts.release);

  const assembly = await options.assemble();
  progress('deploying');
  const deployment = readDeployment(assembly, options, fronts.issuer.url);
  const infrastructure = await startInfrastructure(deployment, clock, options, closers);
  const { functions } = infrastructure;
  const customResources = await runCustomResources({
    deployment,
    requirePool: functions.requirePool,
    before: before?.customResources ?? {},
  });
  functions.deployAll();

  const accessLog = createAccessLog();
  const api = createApi(deployment, infrastructure, clock, accessLog);
  for (const { front } of fronts.cells) front.serve(api);

  progress('seeding');
  const seeded = await seed(infrastructure, demoPorts.urls, before);
  const standing: CloudState = { ...seeded, customResources };
  await data.writeState(standing);
  const inbox = await openInbox(infrastructure.regions.values(), data);
  closers.push(inbox.save);
  const demos = await demoPorts.start({
    isWanted: options.demo ?? true,
    issuer: fronts.issuer.url,
    seed: standing.seed,
    clockOffset: clock.offset,
  });
  closers.push(demos.close);

  const control = controlCloud({
    infrastructure,
    clock,
    accessLog,
    state: standing,
    data,
    inbox,
    demos,
    issuer: fronts.issuer.url,
    cells: fronts.cells.map(({ name, region, front }) => ({ name, region, url: front.url })),
  });
  fronts.issuer.serve(withConsole(api, control));
  return {
    ...control,
    issuer: fronts.issuer.url,
    demos,
    deployment,
    infrastructure,
    warm: async () => {
      await Promise.all([...functions.pools.values()].map((pool) => pool.warm()));
    },
    close: () => closeAll(closers),
  };
}

interface Fronts {
  readonly issuer: Front;
  readonly cells: ReadonlyArray<{ name: string; region: string; front: Front }>;
}

async function openFronts({ port, cells }: CloudOptions, closers: Array<Closer>): Promise<Fronts> {
  const issuer = await openFront(port);
  closers.push(issuer.close);
  const opened: Array<Fronts['cells'][number]> = [];
  for (const [index, cell] of cells.entries()) {
    const front = await openFront(portOf(port, CELL_PORT_OFFSET + index));
    closers.push(front.close);
    opened.push({ ...cell, front });
  }
  return { issuer, cells: opened };
}

function readDeployment(assembly: string, options: CloudOptions, issuer: string): Deployment {
  const [cell] = options.cells;
  if (cell === undefined) throw new Error('a cloud needs a cell');
  return deploy(readAssembly(assembly, cell.region), {
    parameters: options.parameters ?? {},
    apiEndpoint: () => issuer,
    ...(options.transformTemplate && { transformTemplate: options.transformTemplate }),
  });
}

function createApi(
  deployment: Deployment,
  { functions, authorizer, logs }: Infrastructure,
  clock: SharedClock,
  accessLog: AccessLog,
): Listener {
  const [resource] = deployment.byType('AWS::ApiGatewayV2::Api');
  if (resource === undefined) throw new Error('the template has no HTTP API');
  const { region } = resource;
  const api = readHttpApi(resource, {
    deployment,
    accountId: ACCOUNT_ID,
    requirePool: functions.requirePool,
    isPermitted: (functionArn, sourceArn) =>
      authorizer.authorize({
        principal: { roleArn: 'apigateway.amazonaws.com', name: 'apigateway' },
        region,
        action: 'lambda:InvokeFunction',
        resource: functionArn,
        context: { 'aws:SourceArn': [sourceArn] },
      }).allowed,
  });
  return createHttpApi(api, {
    nowMs: clock.nowMs,
    accessLog,
    onFailure: (name, message) => {
      logs.add({ function: name, region, requestId: undefined, stream: 'platform', message });
    },
  });
}

async function seed(
  { functions, regions }: Infrastructure,
  urls: DemoUrls,
  before: CloudState | undefined,
): Promise<CloudState> {
  const admin = functions.requireByName('domicile-admin');
  if (before !== undefined) {
    return { ...before, seed: await moveDemoClients(admin, before.seed, urls) };
  }
  const clients = await seedClients(admin, urls);
  const snapshot = await Promise.all(
    [...regions.values()].map(({ name, dynamodb }) => takeSnapshot(name, dynamodb, OPERATOR)),
  );
  return { clockOffsetMs: 0, customResources: {}, seed: clients, snapshot: snapshot.flat() };
}

/** The issuer's port carries the console beside the API; no route of the template starts `/_local`. */
function withConsole(api: Listener, cloud: ControlledCloud): Listener {
  const control = createControlApi(cloud);
  const page = createConsole();
  return (request) => {
    if (request.path.startsWith(CONTROL_PREFIX)) return control(request);
    if (request.path === '/_local' || request.path.startsWith('/_local/')) return page(request);
    return api(request);
  };
}
