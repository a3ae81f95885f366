import type { Voice } from './voice.tsx';

const PARTS = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/;
const UNITS = ['year', 'month', 'week', 'day'] as const;

/** "2 years and 6 months" for the ISO 8601 duration `P2Y6M`; anything else as it stands. */
export function nameDuration({ language }: Pick<Voice, 'language'>, duration: string): string {
  const amounts = PARTS.exec(duration)?.slice(1);
  if (amounts === undefined) return duration;
  const parts = UNITS.flatMap((unit, index) => {
    const amount = Number(amounts[index] ?? 0);
    if (amount === 0) return [];
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
    return [new Intl.NumberFormat(language.tag, style).format(amount)];
  });
  if (parts.length === 0) return duration;
  return new Intl.ListFormat(language.tag, { type: 'conjunction' }).format(parts);
}
