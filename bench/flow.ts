import type { Answer } from '../test/harness/agent.ts';
import { type Budget, type Measurement, measure } from './measure.ts';
import type { Stage } from './stage.ts';

export interface Flow {
  readonly name: string;
  /** With one cell; with several, too, unless one of the following says otherwise. */
  readonly budget: Budget;
  /** Each stands for those after it, too, that are left out. */
  readonly budgets?: {
    /** Where the person is at home, in a cell that is not the primary. */
    readonly atHome?: Budget;
    /** Where requests reach the primary cell, which has just asked the home for a sign of life. */
    readonly throughPrimary?: Budget;
    /** Where they reach a cell that is neither and has not. */
    readonly throughThird?: Budget;
  };
  /** Does what comes before the flow; the act that it returns is the flow itself. */
  prepare(stage: Stage): Promise<() => Promise<unknown>>;
}

/** After this, nothing that is remembered for a minute at most is remembered. */
const A_MINUTE_SECONDS = 61;
/** After this no sign of life is, but everything else that the flow has just renewed. */
const A_LITTLE_SECONDS = 20;

/** Once to warm containers and caches, which do not lapse meanwhile, then once for the record. */
export async function measureFlow(flow: Flow, stage: Stage): Promise<Measurement> {
  const { cloud, isCold } = stage;
  await cloud.advance(A_MINUTE_SECONDS);
  await (await flow.prepare(stage))();
  const act = await flow.prepare(stage);
  if (isCold) await cloud.advance(A_LITTLE_SECONDS);
  return measure(cloud, act);
}

/** Throws for any status but 200: a flow that failed early would look cheap. */
export function requireOk({ status, url }: Answer): void {
  if (status !== 200) throw new Error(`${new URL(url).pathname} answered with status ${status}`);
}

/** Throws unless the browser stands before a page with a form that posts to that path. */
export function requireForm(page: Answer, action: string): void {
  requireOk(page);
  const form = page.document.querySelector(`form[action^="${action}"]`);
  if (form === null) throw new Error(`no form for ${action} at ${new URL(page.url).pathname}`);
}
