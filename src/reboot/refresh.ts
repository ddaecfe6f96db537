import type { Customer } from '../api/schemas.js';
import type { Clock } from '../clock.js';
import { type PlanApi, type PlannedDevice, readDevice } from './plan.js';
import type { RunSettings } from './record.js';

/**
 * A reading is at most so old when the instruction leaves (milliseconds): a device boots for longer than that, so
 * the backend itself refuses to reboot one that somebody else has rebooted since.
 */
export const freshFor = 10_000;
/** The same for an instruction that the backend has held back before: still less than most devices boot for. */
export const longestFresh = 40_000;
/**
 * One older than this is taken anew right before the instruction (milliseconds), so that nobody has to rely on that.
 * A run that waits for each device has the time, and one beside another on this computer takes it. One that only
 * instructs would take three times as long.
 */
const freshForWaiting = 200;
/** Devices of one owner follow on each other; so long an answer about the owner will do (milliseconds). */
const ownerFreshFor = 1_000;

/** Takes a plan's readings anew where they have grown old. */
export class Refresh {
  private readonly owners = new Map<string, { customer: Customer; readAt: number }>();

  constructor(
    private readonly settings: RunSettings,
    private readonly api: PlanApi,
    private readonly clock: Clock,
    private readonly others: (since: number) => boolean,
  ) {}

  /**
   * The device as it is now: the boot time that the proof compares with has to be the one right before the
   * instruction. @throws whatever the API throws
   */
  async device(planned: PlannedDevice): Promise<PlannedDevice> {
    const { min_interval_ms } = this.settings;
    const { skip: _, ...rest } = planned;
    const { prior } = planned;
    // The plan says nothing of a device that an earlier process had begun with.
    if (!prior?.key && this.isFresh(planned)) return planned;
    const reading = await readDevice(planned.device.id, this.api, this.clock, min_interval_ms);
    if (reading.device.customer_id !== (prior?.customerId ?? planned.device.customer_id)) {
      return { ...rest, ...reading, skip: { code: 'changed_hands' } };
    }
    return { ...rest, ...reading, customer: await this.owner(reading.device.customer_id) };
  }

  private isFresh({ readAt }: PlannedDevice): boolean {
    const age = this.clock.now() - readAt;
    if (age <= freshForWaiting) return true;
    const long = this.settings.wait_ms === null && age <= freshFor;
    return long && !this.others(readAt);
  }

  /** Whether the owner is signed in: asked once for devices of theirs that follow on each other. */
  private async owner(id: string): Promise<Customer> {
    const known = this.owners.get(id);
    if (known && this.clock.now() - known.readAt <= ownerFreshFor) return known.customer;
    const customer = await this.api.getCustomer(id);
    this.owners.set(id, { customer, readAt: this.clock.now() });
    return customer;
  }
}
