/** Order matters: most browsers also name the ones that they descend from. */
const BROWSERS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * "Chrome on macOS": enough for somebody to know their device again, and no more. Undefined when
 * neither browser nor system is known.
 */
export function describeUserAgent(header: string): string | undefined {
  const bounded = header.slice(0, 512);
  const browser = BROWSERS.find(([pattern]) => pattern.test(bounded))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(bounded))?.[1];
  if (browser === undefined || system === undefined) return browser ?? system;
  return `${browser} on ${system}`;
}
