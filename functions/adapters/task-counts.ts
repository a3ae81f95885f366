import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type CountedEvent, METRICS_NAMESPACE } from '../environment.ts';

/**
 * Counts business events of functions that answer no HTTP request, one EMF record each, with the
 * dimension `service`: the function's name, as alarms and dashboard read it.
 */
export function createTaskCounts(service: string): (event: CountedEvent) => void {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: service });
  return (event) => {
    metrics.addMetric(event, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  };
}
