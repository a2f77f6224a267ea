/** The schema of the price book, USD. Traffic has its prices in `network.prices`. Defaults are list
 * prices of AWS in us-east-1, on demand, and no more than a start: put in your own. Read in March
 * 2026: cores and memory (Fargate, Linux on x86) and requests (HTTP API of API Gateway); from
 * memory: partitions (MSK Serverless), lake (S3 Standard), warehouse (RDS, gp3). */
import { z } from 'zod';

const price = z.number().nonnegative();

/** Prices. */
export const priceBookSchema = z.strictObject({
  /** A core of any server, for an hour. A worker is a core. */
  coreHour: price.default(0.04048),
  memoryGibHour: price.default(0.004445),
  /** Memory of a replica, GiB, for each of its workers. */
  memoryGibPerCore: price.default(2),
  /** Requests from outside that a load balancer or gateway takes in, a million. */
  millionRequests: price.default(1),
  /** A partition of the broker, an hour. */
  partitionHour: price.default(0.0015),
  /** Events in the lake, a GiB for a month. */
  storageGibMonth: price.default(0.023),
  /** Events in the warehouse, a GiB for a month. */
  warehouseGibMonth: price.default(0.115),
  /** What an event takes, raw and curated. Default: measured, 30,488 events in Parquet. */
  lakeBytesPerEvent: price.default(55),
  /** What an event takes as a row with its share of panes. Default: measured on the same. */
  warehouseBytesPerEvent: price.default(120),
  /** How long events are kept. */
  retentionMonths: price.default(12),
});

/** Prices with every default filled in. */
export type PriceBook = z.output<typeof priceBookSchema>;
