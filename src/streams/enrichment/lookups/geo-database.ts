/** Places by network address, from a MaxMind database (mmdb) in memory. Spec: W94. */
import { Reader, type Response } from 'mmdb-lib';
import { EngineError } from '../../../kernel/errors.ts';
import { remembering } from './bounded-cache.ts';

/** Where an address is, as far as the database knows. */
export interface Place {
  /** ISO 3166-1 alpha-2; `ZZ` where unknown. */
  readonly country: string;
  /** ISO 3166-2 code of the first subdivision, without the country. */
  readonly region: string | null;
  readonly city: string | null;
  /** IANA name. */
  readonly timeZone: string | null;
}

/** A database. */
export interface GeoDatabase {
  /** Type and time of build, like `GeoIP2-City 2025-01-02T03:04:05.000Z`. */
  readonly version: string;
  /** A place of unknowns for what is not in the database or no address. */
  place(address: string): Place;
}

/** What is read of a record. */
interface PlaceRecord {
  readonly country?: { readonly iso_code?: string };
  readonly registered_country?: { readonly iso_code?: string };
  readonly subdivisions?: readonly { readonly iso_code?: string }[];
  readonly city?: { readonly names?: Readonly<Record<string, string>> };
  readonly location?: { readonly time_zone?: string };
}

const UNKNOWN: Place = { country: 'ZZ', region: null, city: null, timeZone: null };
const REMEMBERED_MAX = 50_000;
const ADDRESS = /^[\da-f:.]{2,45}$/i;

/** Reads a database from its bytes.
 * @throws EngineError `GEO_UNREADABLE` for bytes that are none. */
export function readGeoDatabase(bytes: Uint8Array): GeoDatabase {
  const reader = openReader(bytes);
  const { databaseType, buildEpoch } = reader.metadata;
  return {
    version: `${databaseType} ${buildEpoch.toISOString()}`,
    place: remembering(REMEMBERED_MAX, (address) => placeOf(lookUp(reader, address))),
  };
}

function openReader(bytes: Uint8Array): Reader<Response> {
  try {
    return new Reader<Response>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      'GEO_UNREADABLE',
      `geo-IP database of ${bytes.byteLength} bytes: ${reason}; name a MaxMind .mmdb file`,
      { reason },
      { cause },
    );
  }
}

function lookUp(reader: Reader<Response>, address: string): PlaceRecord | null {
  if (!ADDRESS.test(address)) return null;
  try {
    return reader.get(address) as PlaceRecord | null;
  } catch {
    // Looks like an address and is none.
    return null;
  }
}

function placeOf(found: PlaceRecord | null): Place {
  if (found === null) return UNKNOWN;
  const { country, registered_country: registered, subdivisions, city, location } = found;
  return {
    country: country?.iso_code ?? registered?.iso_code ?? 'ZZ',
    region: subdivisions?.[0]?.iso_code ?? null,
    city: city?.names?.['en'] ?? null,
    timeZone: location?.time_zone ?? null,
  };
}
