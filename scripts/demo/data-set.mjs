// The online shop of the demo: what is where, made by arithmetic alone, so that every machine has the same rows.
// Orders are in PostgreSQL, parts in DynamoDB, the click stream is Parquet in S3; customers are in MySQL where one is found, else in
// PostgreSQL.
export const PARTS = 2_000;
export const CUSTOMERS = 20_000;
export const ORDERS = 150_000;
export const CLICKS = 400_000;
/** Orders come in the 61 days to the last day, clicks in its last 14. */
export const FIRST_DAY = '2026-05-01';
export const LAST_DAY = '2026-06-30';
export const CLICK_DAYS = 14;

/** A number from 0 to 1 for row `i`, different for every `salt` (a large odd number); as SQL that PostgreSQL, MySQL and DuckDB share. */
export const random = (i, salt) => `(mod(${i} * ${salt} + ${salt % 1_000_003}, 4294967296) / 4294967296.0)`;
export const SALT = {
  customer: 2654435761,
  part: 2246822519,
  action: 3266489917,
  day: 668265263,
  amount: 374761393,
  other: 1597334677,
};

const CATEGORIES = {
  engine: ['oil filter', 'spark plug', 'timing belt', 'fuel pump', 'piston ring', 'gasket'],
  brakes: ['brake disc', 'brake pad', 'caliper', 'brake hose', 'handbrake cable', 'drum'],
  lights: ['headlight', 'tail light', 'indicator', 'fog light', 'bulb', 'reflector'],
  wheels: ['rim', 'tyre', 'hub cap', 'wheel bearing', 'valve', 'wheel bolt'],
  body: ['bumper', 'wing mirror', 'bonnet', 'door seal', 'wiper', 'grille'],
  tools: ['torque wrench', 'jack', 'ratchet', 'multimeter', 'oil pan', 'clamp'],
  electrics: ['battery', 'alternator', 'starter', 'fuse box', 'relay', 'cable set'],
  interior: ['seat cover', 'floor mat', 'gear knob', 'pedal', 'sun visor', 'horn'],
};
const MAKERS = ['Argo', 'Borea', 'Cimex', 'Delphi', 'Elgon', 'Fennec', 'Garuda'];

export const partId = (number) => `P-${String(number).padStart(4, '0')}`;
/** In cents; orders hold the same price. */
export const partCents = (number) => 500 + ((number * 7919) % 19_500);

/** Item `number` of the DynamoDB table, as a plain object. */
export function makePart(number) {
  const categories = Object.keys(CATEGORIES);
  const category = categories[number % categories.length];
  const nouns = CATEGORIES[category];
  const maker = MAKERS[number % MAKERS.length];
  return {
    part_id: partId(number),
    category,
    name: `${maker} ${nouns[Math.floor(number / categories.length) % nouns.length]} ${100 + (number % 900)}`,
    price: (partCents(number) / 100).toFixed(2),
    stock: (number * 31) % 97,
    maker: { name: maker, country: ['DE', 'FR', 'IT', 'ES', 'SE'][number % 5] },
    tags: [category, number % 3 === 0 ? 'new' : 'classic'],
  };
}

const COUNTRIES = ['DE', 'AT', 'CH', 'FR', 'IT', 'ES', 'NL', 'SE', 'PL', 'US'];
const FIRST_NAMES = ['Ada', 'Bela', 'Chiara', 'Dmitri', 'Elif', 'Femi', 'Greta', 'Hugo', 'Ines', 'Jun', 'Kaja', 'Liam'];
const LAST_NAMES = ['Albers', 'Bianchi', 'Costa', 'Dubois', 'Eriksson', 'Fischer', 'García', 'Huber', 'Ito', 'Jansen'];

/** Row `number` of the customers. */
export function makeCustomer(number) {
  const first = FIRST_NAMES[number % FIRST_NAMES.length];
  const last = LAST_NAMES[Math.floor(number / FIRST_NAMES.length) % LAST_NAMES.length];
  return {
    customer_id: number,
    name: `${first} ${last}`,
    email: `${first}.${number}@example.com`.toLowerCase(),
    country: COUNTRIES[(number * 7) % COUNTRIES.length],
    since: new Date(Date.UTC(2019, 0, 1 + ((number * 13) % 2500))).toISOString().slice(0, 10),
  };
}
