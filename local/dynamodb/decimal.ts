/** Exact arithmetic on DynamoDB's numbers, which have up to 38 digits. */
interface Decimal {
  readonly digits: bigint;
  /** The value is `digits` × 10^-`scale`. */
  readonly scale: number;
}

export function addNumbers(a: string, b: string): string {
  const [left, right, scale] = align(a, b);
  return format({ digits: left + right, scale });
}

export function subtractNumbers(a: string, b: string): string {
  const [left, right, scale] = align(a, b);
  return format({ digits: left - right, scale });
}

/** Negative, zero or positive, for sorting. */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** More digits than DynamoDB stores. */
export function isTooPrecise(number: string): boolean {
  return number.replaceAll(/^-?0*\.?0*|\.|-/g, '').replace(/0+$/, '').length > 38;
}

/** Numbers are in plain notation here: validation has taken exponents out. */
function parse(number: string): Decimal {
  const [whole = '0', fraction = ''] = number.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function align(a: string, b: string): readonly [bigint, bigint, number] {
  const left = parse(a);
  const right = parse(b);
  const scale = Math.max(left.scale, right.scale);
  return [rescale(left, scale), rescale(right, scale), scale];
}

function rescale({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

function format({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}
