/** A recipient of personal data, as it answers Domicile: it deletes, or tells what it holds. */

/** What this processor keeps about somebody, by their `sub`. */
export type Store = Map<string, ReadonlyArray<Readonly<Record<string, unknown>>>>;

/** An event of Domicile's bus, as EventBridge hands it to a target. */
export interface PrivacyEvent {
  readonly 'detail-type': string;
  readonly detail: {
    readonly requestId: string;
    readonly sub: string;
    readonly processorId: string;
    /** Proves to Domicile that this very processor has done it; good for this request alone. */
    readonly acknowledgement: string;
  };
}

interface Settings {
  /** Which of the events on the bus are for it. */
  readonly processorId: string;
  /** Where Domicile is: `https://id.example.com`. */
  readonly issuer: string;
  readonly store: Store;
}

/**
 * Does what the event asks for, then acknowledges it. Events may come twice, and reminders come daily
 * until an acknowledgement has arrived: doing it again changes nothing.
 */
export async function answer(event: PrivacyEvent, settings: Settings): Promise<void> {
  const { sub, processorId, acknowledgement } = event.detail;
  if (processorId !== settings.processorId) return;
  if (event['detail-type'] === 'ErasureRequested') {
    settings.store.delete(sub);
    return acknowledge(settings, { acknowledgement });
  }
  if (event['detail-type'] === 'ExportRequested') {
    return acknowledge(settings, { acknowledgement, data: settings.store.get(sub) ?? [] });
  }
}

/** First deleted, then said: should this fail, EventBridge tries the event again. */
async function acknowledge({ issuer }: Settings, body: object): Promise<void> {
  const response = await fetch(`${issuer}/v1/privacy/acknowledgements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`Domicile answered ${response.status}`);
}
