/** Identities. A title and a person carry text ids from the catalogue; viewers and requests are
 * numbers that come from the run (never from a process-wide counter). */

/** A title of the catalogue, like `tt0017`. */
export type TitleId = string;
/** A person of the catalogue, like `pp0042`. */
export type PersonId = string;
/** A viewer, 0-based in the order of arrival. */
export type ViewerId = number;
