import { type Sight, seenBy } from '../test/flows/seen-by.ts';
import { type Agent, createAgent } from '../test/harness/agent.ts';
import { type App, registerApp, registerMachine } from '../test/harness/apps.ts';
import type { TestCloud } from '../test/harness/cloud.ts';
import { createSignedIn } from '../test/harness/journeys.ts';

/** What every flow finds ready: two clients, and a browser whose person is signed in. */
export interface Stage extends Awaited<ReturnType<typeof createSignedIn>> {
  readonly cloud: TestCloud;
  readonly app: App;
  readonly machine: App;
  /** True when cells are to remember nothing of each other. */
  readonly isCold: boolean;
  /** A browser without a session. With several cells it has been used by the person before. */
  readonly openBrowser: () => Agent;
}

export async function setStage(cloud: TestCloud): Promise<Stage> {
  return {
    cloud,
    app: await registerApp(cloud),
    machine: await registerMachine(cloud, 'read consents'),
    isCold: false,
    openBrowser: () => createAgent(cloud),
    ...(await createSignedIn(cloud)),
  };
}

/** Everybody is at home in one cell of several and enters through that or through another. */
export async function setStageBetween(
  cloud: TestCloud,
  place: Sight & Pick<Stage, 'isCold'>,
): Promise<Stage> {
  const stage = await setStage(seenBy(cloud, place));
  await cloud.flushReplication();
  const openBrowser = () => {
    const agent = stage.openBrowser();
    agent.cookies.set('home', place.home);
    return agent;
  };
  return { ...stage, openBrowser, isCold: place.isCold };
}
