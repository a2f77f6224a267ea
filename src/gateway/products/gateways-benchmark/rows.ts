/** The data behind the benchmark's subgraphs: made up here, in the shape and size of the original
 * (6 users, 9 products, 11 reviews; texts as long as there), so that plans, representations and
 * bytes come out alike. */

/** A user of the accounts service. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly birthday: number;
}

/** A product as the products service knows it. */
export interface ProductRow {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
}

/** A review; its author is always the first user. */
export interface ReviewRow {
  readonly id: string;
  readonly body: string;
  readonly upc: string;
}

const BIRTHDAY = 1_000_000_000;

/** All users. The first one wrote every review: 14 and 5 letters, the commonest text of an
 * answer. */
export const USERS: readonly [UserRow, ...UserRow[]] = [
  { id: '1', name: 'Ada Winterling', username: 'adawi', birthday: BIRTHDAY },
  { id: '2', name: 'Bo Lindqvist', username: 'bolindqvis', birthday: BIRTHDAY },
  { id: '3', name: 'Chiara Morano', username: 'chiaramorano', birthday: BIRTHDAY },
  { id: '4', name: 'Dara Okonjo', username: 'darako', birthday: BIRTHDAY },
  { id: '5', name: 'Eyal Brenner', username: 'eyalbrenne', birthday: BIRTHDAY },
  { id: '6', name: 'Femke de Vos', username: 'femked', birthday: BIRTHDAY },
];

/** All products; the first five are the top products. */
export const PRODUCTS: readonly ProductRow[] = [
  { upc: '1', name: 'Stool', price: 749, weight: 120 },
  { upc: '2', name: 'Bench', price: 1_850, weight: 1_400 },
  { upc: '3', name: 'Spoon', price: 12, weight: 30 },
  { upc: '4', name: 'Shelf', price: 385, weight: 150 },
  { upc: '5', name: 'PC', price: 1_120, weight: 1_250 },
  { upc: '6', name: 'Vase', price: 5_200, weight: 400 },
  { upc: '7', name: 'Mixer', price: 4_300, weight: 1_700 },
  { upc: '8', name: 'Boiler', price: 120_000, weight: 7_000 },
  { upc: '9', name: 'Rugs', price: 8_600, weight: 700 },
];

/** Codes of products that are in stock. */
export const UPCS_IN_STOCK: ReadonlySet<string> = new Set(['1', '5', '6', '7', '9']);

/** Letters in the text of each review, and the product that it is about. */
const REVIEW_SHAPES: readonly (readonly [bodyLength: number, upc: string])[] = [
  [445, '1'],
  [290, '1'],
  [276, '1'],
  [145, '1'],
  [445, '2'],
  [290, '2'],
  [276, '2'],
  [145, '2'],
  [145, '3'],
  [145, '4'],
  [847, '4'],
];

const SENTENCES: readonly string[] = [
  'It came in two boxes and went together in an evening.',
  'The finish is even, the corners are true, and nothing wobbles.',
  'After a winter beside the stove it looks as it did on the first day.',
  'I would have liked a longer cable, and a manual without riddles.',
  'Returning the first one took a week; the second one has stayed.',
  'My neighbour asked where it was from, then bought the last two.',
];

/** All reviews. */
export const REVIEWS: readonly ReviewRow[] = REVIEW_SHAPES.map(([bodyLength, upc], index) => ({
  id: String(index + 1),
  body: prose(bodyLength, index),
  upc,
}));

/** Sentences, begun at one of them and cut to a length. */
function prose(length: number, first: number): string {
  let text = '';
  for (let n = first; text.length < length; n += 1) {
    text += `${text === '' ? '' : ' '}${SENTENCES[n % SENTENCES.length]}`;
  }
  return `${text.slice(0, length - 1)}.`;
}
