/** The schema of a load test: who asks for how many pages, and for which. */
import { z } from 'zod';
import { DEVICE_KINDS } from '../../domain/audience.ts';
import { PAGE_NAMES } from '../../domain/page.ts';
import { us } from '../../kernel/time.ts';
import { distributionSchema as distribution } from './distribution-schema.ts';
import { fixed } from './values.ts';

const durationUs = z.int().nonnegative();
const weight = z.number().nonnegative();
const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case: a-z, 0-9 and hyphens');

const asked = {
  /** Weights of the product's pages. */
  pages: z.partialRecord(z.enum(PAGE_NAMES), weight).default({}),
  /** Operations of one's own, for architectures that plan (monolith, federated). Variables named
   * `id`, `genre` and `text` get the values of a title, by popularity. */
  operations: z
    .array(
      z.strictObject({
        name,
        query: z.string().min(1),
        weight: weight.default(1),
        /** As in `requests.priorities`. */
        priority: z.int().min(0).max(7).default(0),
      }),
    )
    .default([]),
  /** Whether requests come over the wide-area network or from inside the datacentre. */
  via: z.enum(['wan', 'datacentre']).default('wan'),
  device: z.enum(DEVICE_KINDS).default('web'),
};

/** A load test: open (arrivals come whatever happens) or closed (users wait for their pages). */
export const trafficSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('open'),
    /** Arrivals per second, linear between the points, constant outside of them. */
    rate: z.array(z.strictObject({ at: durationUs, perSecond: weight })).min(1),
    /** Clients that the arrivals are spread over; each keeps its connections. */
    clients: z.int().positive().default(100),
    ...asked,
  }),
  z.strictObject({
    kind: z.literal('closed'),
    /** Users, linear between the points, nobody before the first. */
    users: z.array(z.strictObject({ at: durationUs, users: weight })).min(1),
    thinkTime: distribution.default(fixed(us(0))),
    ...asked,
  }),
]);
