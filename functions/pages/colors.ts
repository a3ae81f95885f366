/** Red, green and blue, 0 to 255. */
export type Color = readonly [number, number, number];

export const WHITE: Color = [255, 255, 255];
export const BLACK: Color = [0, 0, 0];

/** WCAG 2.2 §1.4.3 asks 4.5 of text. */
const TEXT_CONTRAST = 4.5;
/** WCAG 2.2 §1.4.11 asks 3 of the shape of a control. */
export const SHAPE_CONTRAST = 3.1;

const HEX = /^#[0-9a-f]{6}$/i;

/** Undefined for anything but `#rrggbb`, so that nothing else reaches a style sheet. */
export function parseColor(hex: string): Color | undefined {
  if (!HEX.test(hex)) return undefined;
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function formatColor(color: Color): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** `share` 0 is `from`, 1 is `to`. */
export function mix(from: Color, to: Color, share: number): Color {
  const blend = (a: number, b: number) => Math.round(a + (b - a) * share);
  return [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])];
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance, 0 to 1 (WCAG 2.2, definition). */
export function luminance([red, green, blue]: Color): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio, 1 to 21 (WCAG 2.2, definition). */
export function contrast(one: Color, other: Color): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const STEPS = 50;

/**
 * The shade nearest to `color` that has at least `minimum` contrast on every background, darkened
 * or lightened towards `extreme` only as far as needed. `extreme` itself must have that contrast.
 */
export function shadeFor(
  color: Color,
  backgrounds: ReadonlyArray<Color>,
  extreme: Color,
  minimum: number,
): Color {
  for (let step = 0; step < STEPS; step += 1) {
    const shade = mix(color, extreme, step / STEPS);
    if (backgrounds.every((background) => contrast(shade, background) >= minimum)) return shade;
  }
  return extreme;
}

/** White where it can be read, else black: black always reaches 4.5 where white does not. */
export function inkOn(background: Color): Color {
  return contrast(WHITE, background) >= TEXT_CONTRAST ? WHITE : BLACK;
}
