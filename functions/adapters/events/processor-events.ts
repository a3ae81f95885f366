import type { ProcessorEvents } from '../../core/ports/processors.ts';
import { createPrivacyBus } from './privacy-bus.ts';

/** Puts events on the bus, where an operator's rules take them to each processor. */
export function createProcessorEvents(busName: string): ProcessorEvents {
  const put = createPrivacyBus(busName);
  return { tell: ({ kind, ...detail }) => put(kind, detail) };
}
