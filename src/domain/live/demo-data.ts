/** What the demo site's page hands to its script. */

/** A title as the demo shows it. */
export interface DemoTitle {
  readonly id: string;
  readonly name: string;
  readonly kind: 'film' | 'show';
  readonly genres: readonly string[];
  readonly releaseYear: number;
  readonly durationMinutes: number;
  readonly maturityRating: string;
}

/** Everything that the demo knows. */
export interface DemoData {
  readonly writeKey: string;
  readonly dashboardUrl: string;
  /** Length of the films that the browser makes. */
  readonly clipSeconds: number;
  readonly titles: readonly DemoTitle[];
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly titleIds: readonly string[];
  }[];
}
