import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { UnavailableError } from '../../core/errors.ts';
import type { ProcessorEvents } from '../../core/ports/processors.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';

/** `source` of every event of ours. */
const SOURCE = 'domicile.privacy';

/** Puts events on the bus, where an operator's rules take them to each processor. */
export function createProcessorEvents(busName: string): ProcessorEvents {
  const client = new EventBridgeClient(AWS_CLIENT_SETTINGS);
  return {
    async tell({ kind, ...detail }) {
      const command = new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: SOURCE,
            DetailType: kind,
            Detail: JSON.stringify(detail),
          },
        ],
      });
      const { FailedEntryCount: failed = 0 } = await callAws('EventBridge', () =>
        client.send(command),
      );
      // The call succeeds even when the bus has taken nothing.
      if (failed > 0) throw new UnavailableError('EventBridge', new Error('an entry was refused'));
    },
  };
}
