import type { TestCloud } from '../harness/cloud.ts';
import type { Journey } from './every-journey.ts';

/** By the table that `withFewCountries` puts in. */
const COUNTRIES: Readonly<Record<string, string>> = { eu: 'DE', us: 'US', ap: 'AU' };

export interface Sight {
  /** Where people sign up: they call from a country of it. */
  readonly home: string;
  /** The cell that answers them at the issuer. */
  readonly entry: string;
}

/**
 * A deployment of several cells as people of one of them see it, so that what is written for one
 * cell runs there too. Clients are known everywhere as soon as they are registered.
 */
export function seenBy(cloud: TestCloud, { home, entry }: Sight): TestCloud & SeenFront {
  const country = COUNTRIES[home];
  if (country === undefined) throw new Error(`no country is at home in ${home}`);
  cloud.setEntry(entry);
  return {
    ...cloud,
    home,
    frontHeaders: { 'cloudfront-viewer-country': country },
    registerClient: async (metadata) => {
      const client = await cloud.registerClient(metadata);
      await cloud.flushReplication();
      return client;
    },
  };
}

interface SeenFront {
  readonly home: string;
  readonly frontHeaders: Readonly<Record<string, string>>;
}

/** The cell in which people sign up. */
export function homeOf(cloud: TestCloud & Partial<SeenFront>): string {
  return cloud.home ?? cloud.cloud.cells[0]?.name ?? '';
}

/** The journey of people at home in one cell who enter through another. */
export function journeySeenBy({ name, run }: Journey, sight: Sight): Journey {
  const title = `${name}, at home in ${sight.home}, entering through ${sight.entry}`;
  return { name: title, run: (cloud) => run(seenBy(cloud, sight)) };
}
