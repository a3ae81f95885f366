/**
 * Round trips between regions in milliseconds: medians of TCP connections as cloudping.co published
 * them in 2025, rounded, the two directions (which differ by 1 ms) taken together. A connection that
 * is open already costs one of them per call; the handshakes of a new one are not counted.
 */
const MEDIAN_ROUND_TRIP_MS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'eu-central-1': {
    'us-east-1': 93,
    'ap-southeast-2': 251,
    'ca-central-1': 93,
    'sa-east-1': 205,
    'eu-west-1': 27,
  },
  'us-east-1': {
    'ap-southeast-2': 200,
    'ca-central-1': 17,
    'sa-east-1': 115,
    'eu-west-1': 70,
  },
  'ap-southeast-2': { 'ca-central-1': 198, 'sa-east-1': 312, 'eu-west-1': 256 },
  'ca-central-1': { 'sa-east-1': 126, 'eu-west-1': 69 },
  'sa-east-1': { 'eu-west-1': 179 },
};
/** For pairs that are not listed: about the mean of those that are. */
const OTHER_ROUND_TRIP_MS = 150;

export function roundTripMs(from: string | undefined, to: string): number {
  if (from === undefined || from === to) return 0;
  return (
    MEDIAN_ROUND_TRIP_MS[from]?.[to] ?? MEDIAN_ROUND_TRIP_MS[to]?.[from] ?? OTHER_ROUND_TRIP_MS
  );
}
