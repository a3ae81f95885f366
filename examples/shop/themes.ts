/** The two demo apps are one program in two colours: they show single sign-on between clients. */
export interface Theme {
  readonly name: string;
  readonly tagline: string;
  /** Accent colours on light and on dark ground. */
  readonly accent: { readonly light: string; readonly dark: string };
  readonly products: ReadonlyArray<Product>;
  readonly scope: string;
  /** How this app speaks of the other one. */
  readonly neighbour: string;
}

export interface Product {
  readonly name: string;
  readonly detail: string;
  readonly price: string;
  /** Two hues of its picture, in degrees. */
  readonly hues: readonly [number, number];
}

export type ThemeName = 'shop' | 'club';

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  shop: {
    name: 'Fernweh Outfitters',
    tagline: 'Made for the long way round.',
    accent: { light: '#0f766e', dark: '#5eead4' },
    scope: 'openid profile email offline_access',
    neighbour: 'Fernweh Club',
    products: [
      { name: 'Ridge tent', detail: 'Two people, 1.4 kg', price: '€ 389', hues: [168, 205] },
      { name: 'Dawn sleeping bag', detail: 'Comfort to −4 °C', price: '€ 249', hues: [28, 350] },
      { name: 'Cairn pack', detail: '38 litres, recycled', price: '€ 169', hues: [88, 150] },
      { name: 'Ember stove', detail: 'Boils a litre in 3 min', price: '€ 79', hues: [14, 46] },
    ],
  },
  club: {
    name: 'Fernweh Club',
    tagline: 'Routes, huts and company.',
    accent: { light: '#9d3c72', dark: '#f5a8cf' },
    scope: 'openid profile email',
    neighbour: 'Fernweh Outfitters',
    products: [
      { name: 'Karwendel traverse', detail: '5 days, hut to hut', price: 'Free', hues: [210, 268] },
      { name: 'First snow walk', detail: 'Saturday, 12 places', price: '€ 15', hues: [196, 232] },
      { name: 'Map and compass', detail: 'Evening course', price: '€ 35', hues: [320, 20] },
      { name: 'Night on the ridge', detail: 'Bring a warm bag', price: '€ 45', hues: [250, 330] },
    ],
  },
};
