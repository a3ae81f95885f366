import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { UnavailableError } from '../../core/errors.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';

/** `source` of every event of ours. */
const SOURCE = 'domicile.privacy';

/** Puts one event on the bus, where operators' rules take it further. Throws UnavailableError. */
export type PutEvent = (detailType: string, detail: object) => Promise<void>;

export function createPrivacyBus(busName: string): PutEvent {
  const client = new EventBridgeClient(AWS_CLIENT_SETTINGS);
  return async (detailType, detail) => {
    const command = new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: SOURCE,
          DetailType: detailType,
          Detail: JSON.stringify(detail),
        },
      ],
    });
    const { FailedEntryCount: failed = 0 } = await callAws('EventBridge', () =>
      client.send(command),
    );
    // The call succeeds even when the bus has taken nothing.
    if (failed > 0) throw new UnavailableError('EventBridge', new Error('an entry was refused'));
  };
}
