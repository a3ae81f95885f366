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

/** `depth service:operation`, for what a flow costs. */
export function callsBetween(
  cloud: TestCloud,
  since: number,
  until = Number.POSITIVE_INFINITY,
): ReadonlyArray<string> {
  return cloud
    .calls(since)
    .filter(({ seq }) => seq <= until)
    .map(({ service, operation, depth }) => `${depth} ${service}:${operation}`);
}
