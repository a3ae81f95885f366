import type { Branding } from './client.ts';
import { invalidMetadata } from './client-metadata-error.ts';

/** Pages carry the logo themselves and stay below 30 kB. */
const MAX_LOGO_LENGTH = 12_288;

const LOGO = /^data:image\/(png|svg\+xml|webp);base64,([A-Za-z0-9+/]+={0,2})$/;

/** What a file of each type begins with, base64-decoded and read as Latin-1. */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  png: /^\x89PNG\r\n/,
  webp: /^RIFF.{4}WEBP/s,
  'svg+xml': /<svg[\s>]/,
};

/** Throws `invalid_client_metadata`. Pages derive readable shades from any colour. */
export function requireBranding({ logo, color }: Branding): void {
  if (color !== undefined && !/^#[0-9a-f]{6}$/i.test(color)) {
    throw invalidMetadata('domicile_color must look like #1a2b3c');
  }
  if (logo === undefined) return;
  if (logo.length > MAX_LOGO_LENGTH) {
    throw invalidMetadata('domicile_logo exceeds 12 KiB as a data URI');
  }
  const [, type = '', content = ''] = LOGO.exec(logo) ?? [];
  const bytes = Buffer.from(content, 'base64').toString('latin1');
  if (SIGNATURES[type]?.test(bytes) !== true) {
    throw invalidMetadata('domicile_logo must be a data URI of a PNG, SVG or WebP image');
  }
}
