import type { Answer } from '../harness/agent.ts';
import type { JsonAnswer } from '../harness/apps.ts';
import { pathOf } from './answers.ts';

/** What journeys insist on, so that one that was stopped half way does not pass for done. */
export function requireStatus(answer: Pick<Answer, 'status'>, status: number, what: string): void {
  if (answer.status !== status) throw new Error(`${what}: status ${answer.status}`);
}

export function requireAt(answer: Answer, path: string): void {
  requireStatus(answer, 200, `on the way to ${path}`);
  if (pathOf(answer) !== path) throw new Error(`at ${pathOf(answer)} instead of ${path}`);
}

export function requireError({ json }: JsonAnswer, error: string): void {
  if (json['error'] !== error) throw new Error(`${json['error']} instead of ${error}`);
}
