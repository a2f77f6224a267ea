/** What rules look at besides the finding. */
import type { ArchitectureName } from '../../../gateway/architecture.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** The scenario, and what it is run on. */
export interface RuleContext {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
}
