/** Where AWS regions lie, as far as that makes a difference to the people at home in them. */
const AREAS = {
  'european-union': /^eu-(central-1|west-[13]|north-|south-)/,
  europe: /^eu-/,
  'united-states': /^us-/,
  canada: /^ca-/,
  mexico: /^mx-/,
  'south-america': /^sa-/,
  africa: /^af-/,
  'middle-east': /^(me|il)-/,
  oceania: /^ap-southeast-[246]$/,
  asia: /^ap-/,
} as const satisfies Readonly<Record<string, RegExp>>;

type Area = keyof typeof AREAS;

/** What decides of a cell who lives there. */
interface Placed {
  /** AWS region; undefined for a single cell that deploys wherever the CLI points. */
  readonly region: string | undefined;
  /** As the topology says. */
  readonly countries: ReadonlyArray<string>;
}

interface Continent {
  /** Nearest first; an area that has no cell is passed over, and after the last is the primary. */
  readonly areas: ReadonlyArray<Area>;
  /** ISO 3166-1 alpha-2. Together with the others: every code, once. */
  readonly countries: string;
}

/** Dependent territories go by where they lie, but for those where the law of the Union applies. */
const CONTINENTS: ReadonlyArray<Continent> = [
  {
    areas: ['european-union', 'europe'],
    countries:
      'AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GF GG GI GL GP GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MF MK MQ MT NL NO PL PM PT RE RO RS RU SE SI SJ SK SM TR UA VA XK YT',
  },
  { areas: ['united-states', 'canada'], countries: 'GU MP PR UM US VI' },
  { areas: ['canada', 'united-states'], countries: 'BM CA' },
  {
    areas: ['mexico', 'united-states', 'canada', 'south-america'],
    countries:
      'AG AI AW BB BL BQ BS BZ CR CU CW DM DO GD GT HN HT JM KN KY LC MS MX NI PA SV SX TC TT VC VG',
  },
  {
    areas: ['south-america', 'mexico', 'united-states', 'canada'],
    countries: 'AR BO BR BV CL CO EC FK GS GY PE PY SR UY VE',
  },
  {
    areas: ['africa', 'european-union', 'europe', 'middle-east'],
    countries:
      'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW',
  },
  {
    areas: ['middle-east', 'european-union', 'europe', 'asia'],
    countries: 'AE AM AZ BH GE IL IQ IR JO KW LB OM PS QA SA SY YE',
  },
  {
    areas: ['asia', 'oceania'],
    countries:
      'AF BD BN BT CN HK ID IN IO JP KG KH KP KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ TL TM TW UZ VN',
  },
  {
    areas: ['oceania', 'asia'],
    countries:
      'AQ AS AU CC CK CX FJ FM HM KI MH NC NF NR NU NZ PF PG PN PW SB TF TK TO TV VU WF WS',
  },
];

/** Countries with a region of their own: their people live there if there is a cell. */
const REGIONS: Readonly<Record<string, RegExp>> = {
  AE: /^me-central-1$/,
  AU: /^ap-southeast-[24]$/,
  BH: /^me-south-1$/,
  CH: /^eu-central-2$/,
  DE: /^eu-central-1$/,
  ES: /^eu-south-2$/,
  FR: /^eu-west-3$/,
  GB: /^eu-west-2$/,
  HK: /^ap-east-1$/,
  ID: /^ap-southeast-3$/,
  IE: /^eu-west-1$/,
  IL: /^il-central-1$/,
  IN: /^ap-south-/,
  IT: /^eu-south-1$/,
  JP: /^ap-northeast-[13]$/,
  KR: /^ap-northeast-2$/,
  MY: /^ap-southeast-5$/,
  NZ: /^ap-southeast-6$/,
  SE: /^eu-north-1$/,
  SG: /^ap-southeast-1$/,
  TH: /^ap-southeast-7$/,
  TW: /^ap-east-2$/,
  ZA: /^af-south-1$/,
};

/** Every country that people can state, in the order of their codes. */
export const COUNTRIES: ReadonlyArray<string> = CONTINENTS.flatMap(codesOf).sort();

/**
 * The one cell that each country is home to: as the topology says, else a cell in that very country,
 * else the nearest on its continent, in the order of the topology, else the primary.
 */
export function homesOf<Cell extends Placed>({
  cells,
  primary,
}: {
  readonly cells: ReadonlyArray<Cell>;
  readonly primary: Cell;
}): ReadonlyMap<string, Cell> {
  const homes = new Map<string, Cell>();
  for (const continent of CONTINENTS) {
    const nearest = firstIn(cells, continent.areas) ?? primary;
    for (const country of codesOf(continent)) {
      const stated = cells.find(({ countries }) => countries.includes(country));
      const inCountry = cells.find(({ region = '' }) => REGIONS[country]?.test(region));
      homes.set(country, stated ?? inCountry ?? nearest);
    }
  }
  return homes;
}

function firstIn<Cell extends Placed>(
  cells: ReadonlyArray<Cell>,
  areas: ReadonlyArray<Area>,
): Cell | undefined {
  for (const area of areas) {
    const cell = cells.find(({ region = '' }) => areaOf(region) === area);
    if (cell !== undefined) return cell;
  }
  return undefined;
}

/** The first that fits: the narrower ones stand before the wider. */
function areaOf(region: string): Area | undefined {
  const areas = Object.keys(AREAS).filter((name): name is Area => name in AREAS);
  return areas.find((area) => AREAS[area].test(region));
}

function codesOf({ countries }: Continent): ReadonlyArray<string> {
  return countries.split(' ');
}
