/** Where each AWS region is, as people say it. */
export const EN_PLACES = {
  'place.af-south-1': 'South Africa (Cape Town)',
  'place.ap-east-1': 'Hong Kong',
  'place.ap-east-2': 'Taiwan (Taipei)',
  'place.ap-northeast-1': 'Japan (Tokyo)',
  'place.ap-northeast-2': 'South Korea (Seoul)',
  'place.ap-northeast-3': 'Japan (Osaka)',
  'place.ap-south-1': 'India (Mumbai)',
  'place.ap-south-2': 'India (Hyderabad)',
  'place.ap-southeast-1': 'Singapore',
  'place.ap-southeast-2': 'Australia (Sydney)',
  'place.ap-southeast-3': 'Indonesia (Jakarta)',
  'place.ap-southeast-4': 'Australia (Melbourne)',
  'place.ap-southeast-5': 'Malaysia',
  'place.ap-southeast-6': 'New Zealand',
  'place.ap-southeast-7': 'Thailand',
  'place.ca-central-1': 'Canada (Montreal)',
  'place.ca-west-1': 'Canada (Calgary)',
  'place.eu-central-1': 'Germany (Frankfurt)',
  'place.eu-central-2': 'Switzerland (Zurich)',
  'place.eu-north-1': 'Sweden (Stockholm)',
  'place.eu-south-1': 'Italy (Milan)',
  'place.eu-south-2': 'Spain',
  'place.eu-west-1': 'Ireland (Dublin)',
  'place.eu-west-2': 'United Kingdom (London)',
  'place.eu-west-3': 'France (Paris)',
  'place.il-central-1': 'Israel (Tel Aviv)',
  'place.me-central-1': 'United Arab Emirates',
  'place.me-south-1': 'Bahrain',
  'place.mx-central-1': 'Mexico',
  'place.sa-east-1': 'Brazil (São Paulo)',
  'place.us-east-1': 'United States (Virginia)',
  'place.us-east-2': 'United States (Ohio)',
  'place.us-west-1': 'United States (California)',
  'place.us-west-2': 'United States (Oregon)',
} as const;

export type PlaceKey = keyof typeof EN_PLACES;

export function isPlace(key: string): key is PlaceKey {
  return Object.hasOwn(EN_PLACES, key);
}
