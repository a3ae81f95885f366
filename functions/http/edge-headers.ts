/** Headers that the front adds to what a viewer sent, in the place of any that they sent. */
export const EDGE_HEADERS = {
  /** Shows that a request has come through the front. */
  secret: 'x-domicile-edge',
  /** Which of our hosts was asked. */
  host: 'x-domicile-host',
} as const;
