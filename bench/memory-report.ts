import { cpus } from 'node:os';
import type { SurfaceLoad } from './memory.ts';
import { computingMs, estimate } from './memory-model.ts';
import { PRICES_READ } from './prices.ts';
import { type Rows, toMarkdown, toText } from './report.ts';

/** The sizes to choose from; more than one vCPU helps no request. */
const SIZES_MIB = [512, 1024, 1769];

/** Duration and price of each surface's heaviest request, the size that is deployed in bold. */
function requestRows(loads: ReadonlyArray<SurfaceLoad>): Rows {
  return [
    ['surface', 'request that computes longest', 'computes', 'waits', ...SIZES_MIB.map(sizeOf)],
    ...loads.map((load) => [
      load.surface,
      load.flow,
      milliseconds(load.cpuMs),
      milliseconds(load.waitMs),
      ...inSizes(load, (memoryMiB) => {
        const { durationMs, dollarsPerMillion } = estimate(load, memoryMiB);
        return `${milliseconds(durationMs)}, $${dollarsPerMillion.toFixed(2)}`;
      }),
    ]),
  ];
}

/** Memory, and what a cold start computes until the bundle is loaded. */
function startRows(loads: ReadonlyArray<SurfaceLoad>): Rows {
  return [
    ['surface', 'holds at most', 'start computes', ...SIZES_MIB.map(sizeOf)],
    ...loads.map((load) => [
      load.surface,
      `${load.peakMiB.toFixed(0)} MiB`,
      milliseconds(load.importCpuMs),
      ...inSizes(load, (memoryMiB) => milliseconds(computingMs(load.importCpuMs, memoryMiB))),
    ]),
  ];
}

export function describeLoads(loads: ReadonlyArray<SurfaceLoad>, form: 'text' | 'markdown') {
  const render = form === 'text' ? toText : toMarkdown;
  return [render(requestRows(loads)), render(startRows(loads)), note()].join('\n\n');
}

function note(): string {
  const [processor] = cpus();
  return (
    `Measured on ${processor?.model.trim() ?? 'an unknown processor'} with Node ` +
    `${process.versions.node}. Dollars per million requests: Lambda's list prices of ` +
    `${PRICES_READ.region}, ${PRICES_READ.year}. **Bold**: deployed.`
  );
}

function inSizes({ memoryMiB }: SurfaceLoad, cell: (memoryMiB: number) => string) {
  return SIZES_MIB.map((size) => (size === memoryMiB ? `**${cell(size)}**` : cell(size)));
}

function sizeOf(memoryMiB: number): string {
  return `${memoryMiB} MiB`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
