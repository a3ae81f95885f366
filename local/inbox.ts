import type { Region } from './region.ts';
import type { DataDirectory } from './state.ts';
import type { InboxMessage } from './types.ts';

/** The mails of all regions, those of earlier runs on the same data directory included. */
export interface Inbox {
  /** Newest first. */
  messages(to?: string): ReadonlyArray<InboxMessage>;
  clear(): void;
  save(): Promise<void>;
}

const KEPT_MESSAGES = 1_000;

export async function openInbox(regions: Iterable<Region>, data: DataDirectory): Promise<Inbox> {
  const services = [...regions].map(({ ses }) => ses);
  let earlier = await data.readInbox();
  const messages = (to?: string) => {
    const kept = earlier.filter(
      (message) => to === undefined || message.to.toLowerCase() === to.toLowerCase(),
    );
    return [...services.flatMap((ses) => ses.inbox(to)), ...kept].sort((a, b) =>
      b.at.localeCompare(a.at),
    );
  };
  return {
    messages,
    clear: () => {
      earlier = [];
      for (const ses of services) ses.reset();
    },
    save: () => data.writeInbox(messages().slice(0, KEPT_MESSAGES)),
  };
}
