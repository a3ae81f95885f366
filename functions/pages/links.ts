const WEB = /^https?:\/\//i;
/** RFC 8252 §7.1: a private-use scheme is a reversed domain name, so it has a dot. */
const PRIVATE_USE = /^[a-z][a-z0-9+-]*\.[a-z0-9+.-]+:/i;
const OWN_PATH = /^[/?](?![/\\])/;

/**
 * The address if it may stand in `href` or `action`: the web, an app's own scheme, or a path of
 * ours. Anything else, above all `javascript:` and `data:`, becomes an address that leads nowhere.
 */
export function safeAddress(address: string): string {
  const allowed = OWN_PATH.test(address) || WEB.test(address) || PRIVATE_USE.test(address);
  return allowed ? address : 'about:invalid';
}

const LOGO = /^data:image\/(?:png|svg\+xml|webp);base64,[A-Za-z0-9+/]+=*$/;

/** A logo is data, so that pages load nothing from elsewhere; an `<img>` runs no script in SVG. */
export function findLogo(logo: string | undefined): string | undefined {
  return logo !== undefined && LOGO.test(logo) ? logo : undefined;
}
