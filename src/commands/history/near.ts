import type { Context } from '../../context.js';
import type { JournalHeader } from '../../reboot/record.js';
import type { Selection } from './select.js';

/** So many are named at most. */
const mostNamed = 5;

/** A customer or a device: what to select it by, which takes it in any letters if that is an address. */
interface Called {
  id: string;
  email?: string;
  name: string;
}

const calledIn = {
  customer: ({ customers }: JournalHeader): Called[] =>
    customers.map(({ customer_id: id, name, email }) => ({ id, email, name })),
  device: ({ devices }: JournalHeader): Called[] =>
    devices.map(({ device_id: id, device_name: name }) => ({ id, name })),
};

/** The names on record that hold what was asked for as a part, of customers and of devices. */
interface NearNames {
  look(header: JournalHeader): void;
  /** Says which they are, where nothing is called just that. */
  tell(context: Context): Promise<void>;
}

/**
 * Gathers, from the runs that are read anyway, what was probably meant by a part of a name: without that, a part would
 * be answered as if nothing had been done.
 */
export function nearNames(selection: Selection): NearNames {
  const watched = (['customer', 'device'] as const).flatMap(option => {
    const wanted = selection[option];
    return wanted === undefined ? [] : [{ option, wanted, names: new Set<string>(), exact: false }];
  });
  return {
    look(header) {
      for (const one of watched) {
        const part = one.wanted.toLowerCase();
        for (const { id, email = id, name } of one.exact ? [] : calledIn[one.option](header)) {
          if (id === one.wanted || (email !== id && email.toLowerCase() === part)) one.exact = true;
          const near = one.names.size < mostNamed && [id, email, name].some(isIn(part));
          if (near) one.names.add(email);
        }
      }
    },
    async tell({ io, messages }) {
      if (watched.every(({ names }) => names.size === 0)) return;
      const { brief } = await import('../../terminal/width.js');
      for (const { option, names, exact } of watched) {
        const named = [...names].map(name => brief(name));
        if (!exact && named.length > 0) io.err(messages.history.near[option](named));
      }
    },
  };
}

const isIn = (part: string) => (text: string) => text.toLowerCase().includes(part);
