import type { Answer } from '../harness/agent.ts';
import type { TestCloud } from '../harness/cloud.ts';

export function pathOf(answer: Answer): string {
  return new URL(answer.url).pathname;
}

/** Where a redirect leads, without its query. */
export function targetOf(answer: Answer): string | undefined {
  return answer.leadsTo && `${answer.leadsTo.origin}${answer.leadsTo.pathname}`;
}

/** What is announced at the top of a form. */
export function alertOf(answer: Answer): string {
  return answer.document.querySelector('[role=alert]')?.text.trim() ?? '';
}

/** A page without what must differ between two people: the address, sealed values, nonces. */
export function withoutSecrets(page: Answer, email: string): string {
  return page.body
    .replaceAll(email, 'EMAIL')
    .replace(/value="[\w.-]{60,}"/g, 'value="SEALED"')
    .replace(/nonce="[\w-]+"/g, 'nonce')
    .replace(/(request|state)=[\w.-]+/g, '$1=SEALED');
}

/** What a flow calls, in no order: calls side by side may arrive either way. */
export function callsBetween(
  cloud: TestCloud,
  since: number,
  until = Number.POSITIVE_INFINITY,
): ReadonlyArray<string> {
  const calls = cloud.calls(since).filter(({ seq }) => seq <= until);
  return calls.map(({ service, operation }) => `${service}:${operation}`).sort();
}

/** As `callsBetween`, with depth; meaningful only where calls take as long as in AWS. */
export function depthsSince(cloud: TestCloud, since: number): ReadonlyArray<string> {
  const calls = cloud.calls(since);
  return calls.map(({ depth, operation }) => `${depth} ${operation}`).sort();
}
