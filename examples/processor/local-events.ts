import { answer, type PrivacyEvent, type Store } from './processor.ts';

interface ArchivedEvent {
  readonly seq: number;
  readonly detailType: string;
  readonly detail: PrivacyEvent['detail'];
}

/**
 * Answers what the local cloud (`npm start`) has told its processors since the event `after`, in the
 * name of each. Returns the number of the last event, where to go on.
 */
export async function answerLocally(issuer: string, store: Store, after = 0): Promise<number> {
  const response = await fetch(`${issuer}/_local/api/events?since=${after}`);
  if (!response.ok) throw new Error(`the local cloud answered ${response.status}`);
  const events: ReadonlyArray<ArchivedEvent> = JSON.parse(await response.text());
  const told = events.filter(
    ({ seq, detail }) => seq > after && typeof detail.acknowledgement === 'string',
  );
  for (const { detailType, detail } of told) {
    const { processorId } = detail;
    await answer({ 'detail-type': detailType, detail }, { processorId, issuer, store });
  }
  return events.at(-1)?.seq ?? after;
}
