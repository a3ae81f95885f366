/** The inside of a demo app's thread: the shared clock, then the app as it is. */
import { workerData } from 'node:worker_threads';
import { installShiftedDate } from '../lambda/shifted-date.ts';
import type { DemoSettings } from './settings.ts';

const settings: DemoSettings = workerData;
installShiftedDate(settings.clockOffset);
await import('../../examples/shop/server.ts');
