import { createErasures } from '../test/flows/erasures.ts';
import { createPlanting } from '../test/flows/planted-people.ts';
import { createAgent } from '../test/harness/agent.ts';
import { findCallback, registerApp } from '../test/harness/apps.ts';
import { startTestCloud, type TestCloud } from '../test/harness/cloud.ts';
import { authorize, createSignedIn, signIn } from '../test/harness/journeys.ts';

/** Of a region: few, so that a queue which took them all would show at once. */
const CONCURRENCY = 20;
/** Erasures that delete at a time. */
const TURNS = 5;
/**
 * The ends of graces are spread over an hour, and lingering takes two more. In steps as time goes:
 * whoever waits within one is woken at its end, all at once.
 */
const STEP_SECONDS = 15;
const STEPS_PER_MINUTE = 60 / STEP_SECONDS;
const MOST_STEPS = 600 * STEPS_PER_MINUTE;
const STEPS_PER_LINE = 15 * STEPS_PER_MINUTE;
const ERASURE_MACHINE = 'domicile-erasure';

/**
 * Erasures that were all asked for at once, and people who sign in while they are carried out. Exit
 * code 1 when a sign-in was refused, or an erasure has not come to its quarantine.
 */
export async function reportQueue(requests: number): Promise<void> {
  const cloud = await startTestCloud({
    concurrency: CONCURRENCY,
    pauses: 'real',
    isNew: true,
    parameters: {
      PrivacyRequestConcurrency: String(TURNS),
      // One person signs in again and again, from one address.
      ThrottlingRatePerSecond: '10000',
    },
  });
  try {
    const { isDone, refused, signIns } = await runQueue(cloud, requests);
    console.log(
      `${requests} erasures at once, ${CONCURRENCY} functions at a time, ${TURNS} turns: ` +
        `${signIns} sign-ins meanwhile, ${refused} of them refused.`,
    );
    if (!isDone) console.log('Not all erasures have come to their quarantine.');
    process.exitCode = isDone && refused === 0 ? 0 : 1;
  } finally {
    await cloud.close();
  }
}

async function runQueue(cloud: TestCloud, requests: number) {
  const erasures = createErasures(cloud);
  const app = await registerApp(cloud);
  const { person } = await createSignedIn(cloud);
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  const left = new Set<string>();
  for (let index = 0; index < requests; index += 1) {
    const { sub } = await plant(1);
    left.add(await erasures.begin(sub, undefined, 0));
  }
  let [signIns, refused] = [0, 0];
  for (let step = 0; step < MOST_STEPS && left.size > 0; step += 1) {
    const agent = createAgent(cloud);
    const { answer } = await authorize(cloud, agent, app);
    const [signedIn] = await Promise.all([
      signIn(agent, answer, person),
      cloud.advance(STEP_SECONDS),
    ]);
    signIns += 1;
    if (findCallback(signedIn)?.code === undefined) refused += 1;
    await erasures.acknowledgeAll();
    for (const { name, states } of cloud.executions(ERASURE_MACHINE)) {
      if (states.some((state) => state.name === 'ReleaseSlot')) left.delete(name);
    }
    if (step % STEPS_PER_LINE === 0) {
      console.log(
        `minute ${step / STEPS_PER_MINUTE}: ${left.size} erasures are left${standing(cloud, left)}`,
      );
    }
  }
  erasures.close();
  return { isDone: left.size === 0, refused, signIns };
}

/** Where those that are left stand: ` (RUNNING at Admit: 12, FAILED at Commit: 1)`. */
function standing(cloud: TestCloud, left: ReadonlySet<string>): string {
  const counts = new Map<string, number>();
  for (const { name, status, states, error = '' } of cloud.executions(ERASURE_MACHINE)) {
    const place = `${status} at ${states.at(-1)?.name} ${error}`.trim();
    if (left.has(name)) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const places = [...counts].map(([place, count]) => `${place}: ${count}`);
  return places.length === 0 ? '' : ` (${places.join(', ')})`;
}
