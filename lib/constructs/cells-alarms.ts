import type { Construct } from 'constructs';
import { areSeveral, type Cell, otherCells, type Topology } from '../config.ts';
import { DIRECTORY_TABLE } from '../names.ts';
import { regionOf } from '../topology-environment.ts';
import { failedRotations } from './key-rotation.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import { eventCount, eventsOf, replicationLatency } from './service-metrics.ts';

/** Surfaces that hand on to, or ask, other cells. */
export const CALLING = ['token', 'interaction'] as const;

/** Surfaces whose pages lead people to the cell where they are at home. */
export const LEADING = ['interaction', 'account'] as const;

interface Watched {
  readonly cell: Cell;
  readonly topology: Topology;
}

/** Alarms about what cells share and about what they ask of each other. */
export function watchCells(scope: Construct, alarms: ServiceAlarms, watched: Watched): void {
  const { cell, topology } = watched;
  if (cell.name === topology.primary.name) watchPrimary(scope, alarms, watched);
  if (!areSeveral(topology)) return;
  alarms.watch('HandOversRefused', {
    impact: 'People who are at home in another cell cannot be led there and do not get in.',
    runbook: 'hand-overs-refused',
    metric: eventsOf(LEADING, 'HandOverRefused'),
    threshold: 5,
  });
  alarms.watch('CellCallsFailing', {
    impact: 'Apps get 503 here for people who are at home in another cell.',
    runbook: 'cell-calls-failing',
    metric: eventsOf(CALLING, 'CellCallFailed'),
    threshold: 5,
  });
  if (cell.name === topology.primary.name) return;
  alarms.watch('ClaimsPending', {
    impact: 'New accounts are not known to the other cells for good, because the primary is away.',
    runbook: 'claims-pending',
    metric: eventCount('interaction', 'ClaimLeftPending'),
    threshold: 5,
  });
}

/** What happens in the primary region for all cells. */
function watchPrimary(scope: Construct, alarms: ServiceAlarms, { cell, topology }: Watched): void {
  alarms.watch('KeyRotationFailed', {
    impact:
      'Signing keys stay in use for longer than you decided, a leaked one perhaps among them.',
    runbook: 'key-rotation-failed',
    metric: failedRotations(scope),
    threshold: 0,
    badPeriods: 1,
    periods: 1,
  });
  for (const other of otherCells(topology, cell)) {
    alarms.watch(`DirectoryBehindIn-${other.name}`, {
      impact: `What apps and keys are, and who is new, reaches ${other.name} a minute late or later.`,
      runbook: 'directory-behind',
      metric: replicationLatency(DIRECTORY_TABLE, regionOf(other)),
      threshold: 60_000,
    });
  }
}
