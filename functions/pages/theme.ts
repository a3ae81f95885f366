import {
  BLACK,
  type Color,
  contrast,
  formatColor,
  inkOn,
  mix,
  parseColor,
  SHAPE_CONTRAST,
  shadeFor,
  WHITE,
} from './colors.ts';

/** One colour scheme; every text colour is readable on every ground it is used on. */
export interface Palette {
  /** Behind everything. */
  readonly canvas: Color;
  /** Cards and fields. */
  readonly surface: Color;
  /** Ground of notices and tags: the surface with a breath of the brand. */
  readonly wash: Color;
  readonly text: Color;
  readonly muted: Color;
  /** Borders of controls. */
  readonly edge: Color;
  /** Dividing lines; decoration only. */
  readonly line: Color;
  readonly danger: Color;
  readonly dangerWash: Color;
  /** Links, focus rings, marks. */
  readonly accent: Color;
  readonly button: Color;
  readonly buttonHover: Color;
  readonly buttonInk: Color;
}

/** For products and clients that name no colour. */
const DEFAULT_BRAND: Color = [22, 94, 92];

/** More than the 4.5 of WCAG 2.2 §1.4.3: links are thin, and dark grounds swallow them. */
const LINK_CONTRAST = 5.5;

/** Less is not seen as an area of its own on a dark card. */
const WASH_CONTRAST = 1.2;

const LIGHT = {
  canvas: [244, 245, 243],
  surface: [255, 255, 255],
  text: [26, 31, 30],
  muted: [88, 97, 94],
  edge: [128, 138, 135],
  line: [224, 228, 226],
  danger: [176, 32, 32],
  dangerWash: [253, 240, 239],
} as const satisfies Partial<Record<keyof Palette, Color>>;

const DARK = {
  canvas: [15, 18, 18],
  surface: [25, 29, 29],
  text: [236, 239, 238],
  muted: [164, 173, 170],
  edge: [112, 121, 118],
  line: [47, 53, 52],
  danger: [255, 165, 155],
  dangerWash: [58, 27, 25],
} as const satisfies Partial<Record<keyof Palette, Color>>;

/** Light and dark palettes for a brand colour `#rrggbb`; anything else gets the house's own. */
export function createPalettes(brand: string | undefined): { light: Palette; dark: Palette } {
  const color = (brand === undefined ? undefined : parseColor(brand)) ?? DEFAULT_BRAND;
  return { light: createPalette(LIGHT, color, BLACK), dark: createPalette(DARK, color, WHITE) };
}

function createPalette(base: typeof LIGHT | typeof DARK, brand: Color, extreme: Color): Palette {
  const wash = findWash(base.surface, brand, extreme);
  const button = findButton(brand, base.surface, extreme);
  const buttonInk = inkOn(button);
  return {
    ...base,
    wash,
    accent: shadeFor(brand, [base.surface, base.canvas, wash], extreme, LINK_CONTRAST),
    button,
    // Away from the ink, so that the label only gains contrast.
    buttonHover: mix(button, buttonInk === WHITE ? BLACK : WHITE, 0.14),
    buttonInk,
  };
}

/**
 * A dark brand would not be seen on a dark surface, so that its lighter shade is mixed in, as much
 * of it as stands out: of magenta, whose blue and red weigh little, a bit more than of others.
 */
function findWash(surface: Color, brand: Color, extreme: Color): Color {
  if (extreme === BLACK) return mix(surface, brand, 0.08);
  const shade = shadeFor(brand, [surface], extreme, LINK_CONTRAST);
  return shadeFor(mix(surface, shade, 0.18), [surface], shade, WASH_CONTRAST);
}

/** The brand itself wherever its shape stands out from the surface. */
function findButton(brand: Color, surface: Color, extreme: Color): Color {
  if (contrast(brand, surface) >= SHAPE_CONTRAST) return brand;
  return shadeFor(brand, [surface], extreme, SHAPE_CONTRAST);
}

/** `--canvas:#f4f5f3;…`: the palette as custom properties of a style sheet. */
export function renderPalette(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name}:${formatColor(color)};`)
    .join('');
}
