/** What `plan` says, as text: per architecture the fleet, what binds, why cheaper ones do not do,
 * regret and headroom; then the front over all of them. */
import type {
  ArchitecturePlan,
  BindingConstraint,
  Excuse,
  FleetSetting,
  PlanDocument,
  SimulatedFleet,
  StaffingCheck,
} from '../../../experiment/capacity/documents/plan-document.ts';
import { printable } from '../../html/escape.ts';
import { formatNumber, formatShare, NO_NUMBER, plural } from '../../numbers.ts';
import type { Block } from '../block.ts';
import { bindingText, formatTime, spread } from '../capacity-words.ts';
import { textTable, wrapped } from '../text-table.ts';

const EXCUSES_MAX = 6;
const FRONT_MAX = 12;

/** Blocks of a plan's summary. */
export function planBlocks(document: PlanDocument, width: number): readonly Block[] {
  return [
    ...document.plans.flatMap((plan) => architectureBlocks(plan, document, width)),
    ...frontBlocks(document, width),
  ];
}

/** The answer, in sentences. */
export function planVerdict(document: PlanDocument): readonly string[] {
  const { verdict, recommended, plans } = document;
  const best = plans.find(({ name }) => name === recommended);
  const lost = document.peak === null ? '' : peakSentence(document.peak);
  const { runs } = document;
  const found = `${formatNumber(runs.found)} found in the journal.`;
  const counted = `${plural(runs.made, 'run')} made, ${found}`;
  if (verdict === 'met' && best !== undefined) {
    return [
      `${best.name} is the cheapest that meets every objective: ${settingText(best.fleet ?? {})} ` +
        `for $${formatNumber(best.usdPerHour)} an hour.${lost}`,
      counted,
    ];
  }
  return [`${verdictWord(verdict)}: ${document.reason}.${lost}`, counted];
}

function peakSentence({ fromUs, toUs }: NonNullable<PlanDocument['peak']>): string {
  const during = `from ${formatTime(fromUs)} to ${formatTime(toUs)}`;
  return ` A zone is lost ${during}, the peak, each in turn.`;
}

function verdictWord(verdict: PlanDocument['verdict']): string {
  return {
    met: 'Met',
    impossible: 'IMPOSSIBLE',
    inconclusive: 'INCONCLUSIVE',
    budget: 'BUDGET USED UP',
    interrupted: 'INTERRUPTED',
  }[verdict];
}

function architectureBlocks(
  plan: ArchitecturePlan,
  document: PlanDocument,
  width: number,
): readonly Block[] {
  const { name, staffing, regret } = plan;
  const lines = [
    ...headline(plan),
    ...bindingLines(plan),
    ...excuseLines(plan),
    ...regretLines(plan),
    ...headroomLines(plan),
    ...(plan.inactive.length === 0 ? [] : [`left alone here: ${plan.inactive.join(', ')}`]),
  ].flatMap((line) => wrapped(line, width));
  return [
    {
      heading: printable(
        `${name} · ${document.survive === 'zone' ? 'any zone lost' : 'all zones'}`,
      ),
      hasHead: false,
      lines,
    },
    { heading: `${name}: numbers`, hasHead: true, lines: numberTable(plan, width) },
    ...(regret === null
      ? []
      : [{ heading: `${name}: regret`, hasHead: true, lines: regretTable(regret, width) }]),
    ...(staffing.length === 0
      ? []
      : [
          {
            heading: `${name}: beside square-root staffing, ceil(a + Q·√a)`,
            hasHead: true,
            lines: staffingTable(staffing, width),
          },
        ]),
  ];
}

function headline(plan: ArchitecturePlan): readonly string[] {
  const { counts, fleet, usdPerHour, squareRootUsdPerHour, confirmedReplications } = plan;
  const tried =
    `${plural(counts.fleets, 'fleet')} simulated, ${formatNumber(counts.inferred)} told by ` +
    `others; rejected: ${formatNumber(counts.rejected.screened)} screened, ` +
    `${formatNumber(counts.rejected.failed)} failed, ${formatNumber(counts.rejected.margin)} by ` +
    `margin, ${formatNumber(counts.rejected.confirmation)} at confirmation`;
  if (fleet === null || usdPerHour === null) {
    const best =
      plan.bestFound === null
        ? 'nothing was simulated'
        : `best found: ${settingText(plan.bestFound)}, ` +
          `$${formatNumber(plan.bestFoundUsdPerHour)}/h`;
    return [`no fleet found: ${plan.reason}`, best, tried];
  }
  const versus =
    squareRootUsdPerHour === null || squareRootUsdPerHour === 0
      ? ''
      : ` (${signed(usdPerHour / squareRootUsdPerHour - 1)} vs square-root staffing)`;
  return [
    `cheapest fleet found: ${settingText(fleet)}, $${formatNumber(usdPerHour)}/h${versus}`,
    `${tried}; confirmed on ${plural(confirmedReplications, 'replication')} of its own`,
    plan.isMinimumVerified
      ? 'every fleet one step cheaper was simulated and rejected'
      : 'not every fleet one step cheaper was tried',
  ];
}

function bindingLines({ binding }: ArchitecturePlan): readonly string[] {
  return binding === null ? [] : [`binding: ${bindingText(binding)}`];
}

function excuseLines(plan: ArchitecturePlan): readonly string[] {
  return plan.excuses.slice(0, EXCUSES_MAX).map((excuse) => excuseText(excuse, plan));
}

/** `rejected: talent.replicas 4 → 3 …`. */
function excuseText(excuse: Excuse, { fleet }: ArchitecturePlan): string {
  const by = {
    screened: 'screened',
    failed: 'fails',
    margin: 'not shown to pass',
    confirmation: 'fails at confirmation',
  }[excuse.rejectedBy];
  return (
    `rejected: ${differenceText(excuse.fleet, fleet)} ${by}, missed in ` +
    `${excuse.missedReplications} of ${excuse.replications}: ${bottleneckText(excuse.missed)}`
  );
}

function differenceText(setting: FleetSetting, chosen: FleetSetting | null): string {
  if (chosen === null) return settingText(setting);
  const changed = Object.entries(setting).filter(([path, value]) => chosen[path] !== value);
  return changed
    .map(
      ([path, value]) =>
        `${shortPath(path)} ${formatNumber(chosen[path])} → ${formatNumber(value)}`,
    )
    .join(', ');
}

function bottleneckText(binding: BindingConstraint): string {
  const { objective, margin, station, stationUtilization, situation } = binding;
  const room = margin === null || margin < 0 ? '' : `, ${formatShare(margin)} of room`;
  const by = margin === null || margin >= 0 ? room : ` by ${formatShare(-margin)}`;
  const busy = stationUtilization === null ? '' : ` ${formatShare(stationUtilization)} busy`;
  const where = station === null ? '' : `, bottleneck ${station}${busy}`;
  return `${objective}${by} (${situation}${where})`;
}

function regretLines({ regret }: ArchitecturePlan): readonly string[] {
  const row = regret?.rows[regret.least];
  if (regret === null || row === undefined) return [];
  const unmet = regret.unmet.length === 0 ? '' : `; no fleet for × ${regret.unmet.join(', × ')}`;
  return [
    `least regret over demand × ${regret.demand.map(({ factor }) => factor).join(', × ')}: ` +
      `${settingText(row.fleet)}, $${formatNumber(row.usdPerHour)}/h${unmet}`,
  ];
}

function headroomLines({ headroom }: ArchitecturePlan): readonly string[] {
  if (headroom === null) return [];
  const { value, low, high } = headroom.factor;
  const more = (factor: number) => signed(factor - 1);
  if (headroom.isAtLeast) {
    return [`headroom to the first breach: ${more(value)} traffic or more`];
  }
  const bounds = low === null || high === null ? '' : ` [${more(low)}, ${more(high)}]`;
  const what = headroom.binding === null ? '' : `; then ${bottleneckText(headroom.binding)}`;
  return [`headroom to the first breach: ${more(value)} traffic${bounds}${what}`];
}

function numberTable({ numbers }: ArchitecturePlan, width: number): readonly string[] {
  return textTable(
    {
      columns: ['', 'range', 'start', 'chosen', 'least regret', '$/h a step'],
      rows: numbers.map(
        ({ path, min, max, step, start, chosen, leastRegret, usdPerHourPerStep }) => [
          path,
          `${min}…${max}${step === 1 ? '' : ` by ${step}`}`,
          formatNumber(start),
          formatNumber(chosen),
          formatNumber(leastRegret),
          formatNumber(usdPerHourPerStep),
        ],
      ),
    },
    width,
  );
}

function regretTable(
  regret: NonNullable<ArchitecturePlan['regret']>,
  width: number,
): readonly string[] {
  const table = {
    columns: ['cheapest for', 'fleet', '$/h', 'regret', 'of spend', 'of memory'],
    rows: regret.rows.map((row, i) => [
      `× ${formatNumber(row.factor)}${i === regret.least ? ' (least)' : ''}`,
      Object.values(row.fleet).join(' '),
      formatNumber(row.usdPerHour),
      formatNumber(row.regret),
      formatNumber(row.spendRegret),
      formatNumber(row.memoryRegret),
    ]),
  };
  return [...textTable(table, width), ...wrapped(regret.formula, width)];
}

function staffingTable(staffing: readonly StaffingCheck[], width: number): readonly string[] {
  const tiers = staffing[0]?.byTier ?? [];
  return textTable(
    {
      columns: [
        '',
        'erlangs',
        'planned',
        ...tiers.map(({ tier }) => `tier ${tier}`),
        'idle at peak',
        'should be',
      ],
      rows: staffing.map((one) => [
        one.station,
        formatNumber(one.offeredErlangs),
        formatNumber(one.plannedServers),
        ...one.byTier.map(({ servers }) => formatNumber(servers)),
        formatShare(one.idleShareAtPeak),
        formatShare(one.headroomShare),
      ]),
    },
    width,
  );
}

function frontBlocks({ simulated }: PlanDocument, width: number): readonly Block[] {
  const front = simulated.filter(({ isOnFront }) => isOnFront).slice(0, FRONT_MAX);
  if (front.length < 2) return [];
  const table = {
    columns: ['', '$/h', 'p99 ms', 'availability', 'objectives'],
    rows: front.map((one) => [
      fleetName(one),
      formatNumber(one.usdPerHour),
      formatNumber(one.p99Ms),
      one.availability === null ? NO_NUMBER : `${(one.availability * 100).toFixed(3)} %`,
      one.meetsObjectives ? 'met' : 'missed',
    ]),
  };
  return [
    {
      heading: `Best in one way or another, of ${plural(simulated.length, 'fleet')}`,
      hasHead: true,
      lines: textTable(table, width),
    },
  ];
}

function fleetName({ architecture, fleet }: SimulatedFleet): string {
  return `${architecture} ${Object.values(fleet).join(' ')}`;
}

function settingText(setting: FleetSetting): string {
  return Object.entries(setting)
    .map(([path, value]) => `${shortPath(path)} ${formatNumber(value)}`)
    .join(', ');
}

/** What people call it: `talent` for its replicas, the last two steps for the rest. */
function shortPath(path: string): string {
  const steps = path.split('.');
  if (steps.at(-1) === 'replicas' && steps.length === 3) return steps[1] ?? path;
  return steps.slice(-2).join('.');
}

function signed(share: number): string {
  return spread(share);
}
