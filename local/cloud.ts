import { addressOptions } from './addresses.ts';
import { listenAtEntry, listenWhileUp } from './cell-listeners.ts';
import { type CellStates, createCellStates } from './cell-states.ts';
import { createClock, type SharedClock } from './clock.ts';
import { type Closer, closeAll } from './closing.ts';
import type { CloudOptions } from './cloud-options.ts';
import { createConsole } from './console/console.ts';
import { CONTROL_PREFIX, createControlApi } from './control/control-api.ts';
import type { ControlledCloud } from './control/controlled-cloud.ts';
import { runCustomResources } from './custom-resources.ts';
import { type DemoPorts, type Demos, reserveDemoPorts } from './demo/demos.ts';
import type { Listener } from './front.ts';
import { type Fronts, openFronts } from './fronts.ts';
import { createAccessLog } from './http-api/access-log.ts';
import { createDeployedApi } from './http-api/deployed-api.ts';
import { openInbox } from './inbox.ts';
import { type Infrastructure, startInfrastructure } from './infrastructure.ts';
import { controlCloud, createResets } from './running-cloud.ts';
import { emptyTables, seedCloud } from './seeding.ts';
import {
  type CloudState,
  type DataDirectory,
  openDataDirectory,
  requireSameCells,
} from './state.ts';
import { readAssembly } from './template/assembly.ts';
import { type Deployment, type DeployOptions, deploy } from './template/deployment.ts';

/** The running local cloud: what `cdk deploy` would ship, on this machine. */
export interface Cloud extends ControlledCloud {
  readonly issuer: string;
  readonly demos: Demos;
  readonly deployment: Deployment;
  readonly infrastructure: Infrastructure;
  /** Has every function's first container ready, one after the other, unless it is closed before. */
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
  const ground = await openGround(options, closers);
  const { data, before, clock, states, fronts, demoPorts } = ground;
  const assembly = await options.assemble();
  progress('deploying');
  const deployOptions = addressOptions(fronts, options.parameters ?? {});
  const deployment = readDeployment(assembly, options, deployOptions);
  const infrastructure = await startInfrastructure(deployment, ground, options, closers);
  if (before === undefined) await emptyTables(infrastructure);
  const customResources = await runCustomResources({
    deployment,
    requirePool: infrastructure.functions.requirePool,
    before: before?.customResources ?? {},
    settle: () => infrastructure.replication.flush(),
  });
  infrastructure.functions.deployAll();
  const accessLog = createAccessLog();
  const apis = new Map<string, Listener>();
  for (const { region, front } of fronts.cells) {
    const api = createDeployedApi(deployment, region, infrastructure, clock, accessLog);
    const listener = listenWhileUp(states, region, api);
    apis.set(region, listener);
    front.serve(listener);
  }

  progress('seeding');
  const seeded = await seedCloud(deployment, infrastructure, demoPorts.urls, before);
  for (const { workflows, streams } of infrastructure.regions.values()) {
    workflows.resume();
    await streams.start();
  }
  await infrastructure.replication.flush();
  const state: CloudState = { ...seeded, cells: options.cells, customResources };
  await data.writeState(state);
  const inbox = await openInbox(infrastructure.regions.values(), data);
  closers.push(inbox.save);
  const demos = await startDemos(ground, state, options, closers);
  const { issuer, cells } = describeFronts(fronts);
  const { streams = 'live' } = options;
  const parts = { infrastructure, clock, accessLog, state, data, inbox, demos, issuer, cells };
  const running = { ...parts, streams };
  const resets = createResets(running);
  // First of all: a reset starts what the others close.
  closers.push(resets.settled);
  const control = controlCloud(running, resets);
  fronts.issuer.serve(withConsole(listenAtEntry(states, apis), control));
  let isClosing = false;
  const warm = async () => {
    // All at once would be in the way of whoever clicks meanwhile.
    for (const pool of infrastructure.functions.pools.values()) if (!isClosing) await pool.warm();
  };
  const close = () => {
    isClosing = true;
    return closeAll(closers);
  };
  return { ...control, issuer, demos, deployment, infrastructure, warm, close };
}

/** What a cloud stands on before anything is deployed. */
interface Ground {
  readonly data: DataDirectory;
  /** Undefined when this is the first start. */
  readonly before: CloudState | undefined;
  readonly clock: SharedClock;
  readonly states: CellStates;
  readonly fronts: Fronts;
  readonly demoPorts: DemoPorts;
}

async function openGround(options: CloudOptions, closers: Array<Closer>): Promise<Ground> {
  const data = await openDataDirectory(options.dataDirectory);
  closers.push(data.close);
  const before = await data.readState();
  requireSameCells(options.dataDirectory, before, options.cells);
  const clock = createClock(before?.clockOffsetMs);
  const fronts = await openFronts(options, closers);
  const demoPorts = await reserveDemoPorts(options.port);
  closers.push(demoPorts.release);
  return { data, before, clock, states: createCellStates(options.cells), fronts, demoPorts };
}

async function startDemos(
  { demoPorts, fronts, clock }: Ground,
  { seed }: CloudState,
  options: CloudOptions,
  closers: Array<Closer>,
): Promise<Demos> {
  const demos = await demoPorts.start({
    isWanted: options.demo ?? true,
    issuer: fronts.issuer.url,
    seed,
    clockOffset: clock.offset,
  });
  closers.push(demos.close);
  return demos;
}

function describeFronts({ issuer, cells }: Fronts) {
  return {
    issuer: issuer.url,
    cells: cells.map(({ name, region, front }) => ({ name, region, url: front.url })),
  };
}

function readDeployment(
  assembly: string,
  options: CloudOptions,
  deployOptions: DeployOptions,
): Deployment {
  const [cell] = options.cells;
  if (cell === undefined) throw new Error('a cloud needs a cell');
  return deploy(readAssembly(assembly, cell.region), {
    ...deployOptions,
    ...(options.transformTemplate && { transformTemplate: options.transformTemplate }),
  });
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
