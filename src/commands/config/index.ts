import { keptKeys } from '../../config.js';
import type { Context } from '../../context.js';
import type { ListingOptions } from '../../terminal/listing.js';
import type { Exits, RemoCommand } from '../command.js';

/** Wires `remo config …`. */
export function addConfig(program: RemoCommand, context: Context, exits: Exits): void {
  const { help } = context.messages;
  const config = program.command('config').description(help.config.summary);
  config
    .command('list')
    .description(help.configList.summary)
    .lists(context, async () => (await import('./list.js')).settingListing)
    .runs(exits, async (options: ListingOptions) => {
      const module = await import('./list.js');
      await module.listSettings(options, context);
    });
  config
    .command('get')
    .description(help.configGet.summary)
    .argument('<name>', help.configGet.name)
    .completes({ name: 'setting' })
    .toleratingBadSettings()
    .runs(exits, async (name: string) => {
      const module = await import('./get.js');
      await module.getSetting(name, context);
    });
  addChanges(config, context, exits);
  config
    .command('profiles')
    .description(help.configProfiles.summary)
    .toleratingBadSettings()
    .lists(context, async () => (await import('./profiles.js')).profileListing)
    .runs(exits, async (options: ListingOptions) => {
      const module = await import('./profiles.js');
      await module.listProfiles(options, context);
    });
  config
    .command('use')
    .description(help.configUse.summary)
    .argument('<name>', help.configUse.name)
    .completes({ name: 'profile' })
    .toleratingBadSettings()
    .runs(exits, async (name: string) => {
      const module = await import('./use.js');
      await module.useProfile(name, context);
    });
}

function addChanges(config: RemoCommand, context: Context, exits: Exits): void {
  const { help } = context.messages;
  config
    .command('set')
    .description(help.configSet.summary)
    .argument('<name>', help.configSet.name(keptKeys))
    .argument('<value>', help.configSet.value)
    .completes({ name: 'kept-setting', value: 'setting-value' })
    .toleratingBadSettings()
    .runs(exits, async (name: string, value: string) => {
      const module = await import('./set.js');
      await module.setSetting(name, value, context);
    });
  config
    .command('unset')
    .description(help.configUnset.summary)
    .argument('<name>', help.configUnset.name)
    .completes({ name: 'kept-setting' })
    .toleratingBadSettings()
    .runs(exits, async (name: string) => {
      const module = await import('./unset.js');
      await module.unsetSetting(name, context);
    });
}
