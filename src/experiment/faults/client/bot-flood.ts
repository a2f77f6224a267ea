/** A bot that sends plausible events to the collector, as many a second as the fault is strong: in
 * one request a second, over the link that devices use, and without an SDK: what is lost on the way
 * or refused is not sent again. Its events are counted as captured when they first reach the
 * collector, so that the ledger of events has them. Spec: E465. */
import type { ViewerProfile } from '../../../domain/audience.ts';
import type { Catalogue } from '../../../domain/catalogue.ts';
import type { TrackedEvent } from '../../../domain/tracked-event.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { Clickstream } from '../../tracking/clickstream.ts';
import type { ActiveFault, FaultBoard } from '../board/fault-board.ts';
import type { BatchLink } from '../network/batch-link.ts';

/** What bots need. */
export interface BotFloodOptions {
  readonly board: FaultBoard;
  readonly simulation: Simulation;
  readonly clickstream: Clickstream;
  readonly link: BatchLink;
  readonly catalogue: Catalogue;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
}

/** A bot at work. */
interface Bot {
  readonly number: number;
  readonly fault: ActiveFault;
  readonly profile: ViewerProfile;
  isOver: boolean;
  sentEvents: number;
  sentBatches: number;
  /** Batches that have reached the collector. */
  readonly arrived: Set<number>;
}

interface BotBatch {
  readonly bot: Bot;
  readonly batch: number;
  readonly events: readonly TrackedEvent[];
  readonly sentTimeUs: number;
}

/** The first number of bots: outside of viewers, guests and users of load tests. */
const FIRST_BOT = 0x5000_0000;
/** Says that it is one, as those do that mean well. */
const USER_AGENT = 'Mozilla/5.0 (compatible; ExampleBot/1.0; +https://example.com/bot)';
/** From a bot's datacentre to the collector. */
const DELAY_US = 20_000;
const BYTES_PER_EVENT = 300;

/** Lets bots loose whenever the board says so. */
export function startBotFlood(options: BotFloodOptions): void {
  const { board, simulation, clickstream, link, epochUs } = options;
  let bots = 0;
  const arrives = simulation.registerHandler('bot.arrives', (_, payload) => {
    take(clickstream, payload as BotBatch, epochUs + simulation.nowUs);
  });
  const send = (bot: Bot) => {
    const events = eventsOf(bot, options);
    if (events.length === 0) return;
    const batch = bot.sentBatches;
    bot.sentBatches += 1;
    board.struck(bot.fault);
    const sentTimeUs = epochUs + simulation.nowUs;
    const deliveries = link.deliveries({
      direction: 'up',
      viewer: bot.profile.viewer,
      key: batch,
      sizeBytes: events.length * BYTES_PER_EVENT,
      delayUs: DELAY_US,
      lane: undefined,
    });
    for (const { status, delayUs } of deliveries) {
      if (status !== 'whole') continue;
      const sent: BotBatch = { bot, batch, events, sentTimeUs };
      simulation.schedule(delayUs, arrives, bot.number, sent);
    }
  };
  const sends = simulation.registerHandler('bot.sends', (_, payload) => {
    const bot = payload as Bot;
    if (bot.isOver) return;
    send(bot);
    simulation.schedule(US_PER_SECOND, sends, bot.number, bot);
  });
  const atWork = new Map<ActiveFault, Bot>();
  board.listen('client.bot-flood', {
    begin(fault) {
      const bot = createBot(bots, fault);
      bots += 1;
      atWork.set(fault, bot);
      simulation.schedule(0, sends, bot.number, bot);
    },
    end(fault) {
      const bot = atWork.get(fault);
      if (bot === undefined) return;
      atWork.delete(fault);
      bot.isOver = true;
      send(bot);
    },
  });
}

function createBot(number: number, fault: ActiveFault): Bot {
  const profile: ViewerProfile = {
    viewer: FIRST_BOT + number,
    device: 'web',
    country: 'ZZ',
    favouriteGenre: '',
    clientAddress: '198.19.0.1',
    userAgent: USER_AGENT,
  };
  return {
    number,
    fault,
    profile,
    isOver: false,
    sentEvents: 0,
    sentBatches: 0,
    arrived: new Set(),
  };
}

/** What the bot has to send by now. */
function eventsOf(bot: Bot, options: BotFloodOptions): readonly TrackedEvent[] {
  const { simulation, catalogue, epochUs } = options;
  const { fault, number } = bot;
  const { titles } = catalogue;
  const draws = fault.draws('title');
  const sinceUs = simulation.nowUs - fault.beganAtUs;
  const due = Math.floor((sinceUs / US_PER_SECOND) * fault.intensity);
  const events: TrackedEvent[] = [];
  for (let n = bot.sentEvents; n < due; n += 1) {
    const bornUs = Math.floor((n / fault.intensity) * US_PER_SECOND);
    const title = titles[Math.floor(draws.uniform(number, n) * titles.length)];
    events.push({
      id: `bot${number}-${n}`,
      type: 'page.view',
      subject: `bot${number}`,
      sessionId: `bot${number}`,
      sequence: n,
      eventTimeUs: epochUs + fault.beganAtUs + bornUs,
      data: { page: 'title', titleId: title?.id ?? '' },
    });
  }
  bot.sentEvents = due;
  return events;
}

/** A request of a bot reaches the collector, the second copy of one included. */
function take(clickstream: Clickstream, sent: BotBatch, nowUs: number): void {
  const { bot, batch, events, sentTimeUs } = sent;
  const isFirst = !bot.arrived.has(batch);
  bot.arrived.add(batch);
  const { profile } = bot;
  if (isFirst) {
    for (const event of events) {
      clickstream.captured(event, profile, nowUs - event.eventTimeUs);
    }
    clickstream.sent(profile.viewer, batch, events);
  }
  const answer = clickstream.accept({ viewer: profile, batch, attempt: 1, events, sentTimeUs });
  if (answer.status === 200 || !isFirst) return;
  const count = events.length;
  clickstream.dropped({ viewer: profile.viewer, batch, reason: 'bot_refused', count });
}
