import type { FunctionLogs } from '../lambda/function-logs.ts';
import { isObject } from '../template/json.ts';
import type { Execution, HistoryEvent } from './execution.ts';
import type { StateMachine } from './state-machine.ts';

/** What the machine's log group gets, as its logging configuration says. */
export function logEvent(
  logs: FunctionLogs,
  { name, region, logging: { level, includesData } }: StateMachine,
  { arn }: Execution,
  { id, previousEventId, timestamp, type, ...details }: HistoryEvent,
): void {
  const isError = /(Failed|TimedOut|Aborted)$/.test(type);
  const isFatal = isError && type.startsWith('Execution');
  const isWanted =
    level === 'ALL' || (level === 'ERROR' && isError) || (level === 'FATAL' && isFatal);
  if (!isWanted) return;
  const message = {
    id,
    type,
    execution_arn: arn,
    event_timestamp: Math.round(timestamp * 1000),
    previous_event_id: previousEventId,
    details: includesData ? details : withoutData(details),
  };
  logs.add({ function: name, region, requestId: undefined, stream: 'stdout', message });
}

const DATA = ['input', 'output', 'parameters'];

function withoutData(details: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      isObject(value)
        ? Object.fromEntries(Object.entries(value).filter(([member]) => !DATA.includes(member)))
        : value,
    ]),
  );
}
