/** Faults of a scenario: what happens, to whom, when, and how strongly. Plain data. */
import { z } from 'zod';
import { FAULT_KIND_NAMES } from '../catalogue/fault-kinds.ts';

const durationUs = z.int().nonnegative();
const interval = { at: durationUs, for: z.int().positive() };

/** A fault of the catalogue: see docs/FAULTS.md. */
export const cataloguedFaultSchema = z.strictObject({
  kind: z.enum(FAULT_KIND_NAMES),
  /** Whom it hits; by default everybody that the kind can hit. */
  target: z.string().optional(),
  /** When it begins, and for how long it lasts; with a rate: when it can begin first. */
  ...interval,
  /** Instead of once: that often an hour on average (Poisson), beginning until `until`. */
  rate: z.strictObject({ perHour: z.number().nonnegative(), until: z.int().positive() }).optional(),
  /** Of each occurrence, or of each opportunity, as the kind says. */
  probability: z.number().min(0).max(1).default(1),
  /** How strong it is, in the kind's unit; by default the kind's. */
  intensity: z.number().nonnegative().optional(),
});

/** Any fault. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('service.outage'),
    target: z.string(),
    ...interval,
    factor: z.number().min(1).default(4),
  }),
  z.strictObject({
    kind: z.literal('service.slow'),
    target: z.string(),
    ...interval,
    /** How many times longer work takes. */
    factor: z.number().min(1).default(4),
  }),
  /** All replicas of a zone crash, of all servers in its region. */
  z.strictObject({
    kind: z.literal('zone.loss'),
    zone: z.int().nonnegative(),
    region: z.int().nonnegative().default(0),
    ...interval,
  }),
  cataloguedFaultSchema,
]);

/** Any fault, defaults filled in. */
export type Fault = z.output<typeof faultSchema>;
/** A fault of the catalogue, defaults filled in. */
export type CataloguedFault = z.output<typeof cataloguedFaultSchema>;

/** Whether a fault is one of the catalogue. */
export function isCatalogued(fault: Fault): fault is CataloguedFault {
  return (FAULT_KIND_NAMES as readonly string[]).includes(fault.kind);
}
