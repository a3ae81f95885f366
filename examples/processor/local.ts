/**
 * Every processor of the local cloud, so that exports and erasures need not wait for their deadline:
 *
 *   npm run processors [-- http://localhost:4000]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { answerLocally } from './local-events.ts';
import type { Store } from './processor.ts';

const issuer = (process.argv[2] ?? 'http://localhost:4000').replace(/\/$/, '');
const store: Store = new Map();
console.log(`Answering what ${issuer} tells its processors; end with Ctrl-C.`);
for (let seq = 0; ; await wait(1000)) {
  const next = await answerLocally(issuer, store, seq);
  if (next > seq) console.log(`Answered events ${seq + 1} to ${next}.`);
  seq = next;
}
