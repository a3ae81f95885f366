/** The AWS regions in `eu=eu-central-1,us=us-east-1`, each once. */
export function regionsOf(cellRegions: string): ReadonlyArray<string> {
  const regions = cellRegions.split(',').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
  return [...new Set(regions)];
}
