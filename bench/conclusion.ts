import { type BundleReport, IMPORT_RATIO_LIMIT } from './bundles.ts';
import { overruns } from './measure.ts';
import type { FlowReport } from './report.ts';

export interface Conclusion {
  readonly exitCode: 0 | 1;
  /** What is over budget, a line each; or that nothing is. */
  readonly text: string;
}

export function conclude(
  flows: ReadonlyArray<Omit<FlowReport, 'cost'>>,
  bundles: ReadonlyArray<Pick<BundleReport, 'surface' | 'importRatio'>>,
  /** What else is over, a line each. */
  others: ReadonlyArray<string> = [],
): Conclusion {
  const over = [
    ...flows.flatMap(({ name, measured, budget }) =>
      overruns(measured, budget).map((what) => `${name}: ${what}`),
    ),
    ...bundles
      .filter(({ importRatio }) => importRatio > IMPORT_RATIO_LIMIT)
      .map(
        ({ surface, importRatio }) =>
          `${surface}: import ratio ${importRatio.toFixed(2)} instead of ${IMPORT_RATIO_LIMIT}`,
      ),
    ...others,
  ];
  if (over.length === 0) return { exitCode: 0, text: 'Everything is within budget.' };
  return { exitCode: 1, text: `Over budget:\n${over.map((line) => `  ${line}`).join('\n')}` };
}
