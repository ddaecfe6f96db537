/** Texts about customers. */
export const customers = {
  columns: {
    id: 'ID',
    name: 'NAME',
    email: 'E-MAIL',
    device_count: 'DEVICES',
    signed_in: 'SIGNED IN',
    linked_at: 'LINKED ON',
  },
  none: 'No customers.',
  changed:
    'The list changed while it was read: somebody may be missing or no longer linked. Run it again to be sure.',
  noneFor: (email: string) => `No customer's e-mail address contains "${email}".`,
  whyMissing:
    "You see only customers who registered your agency. Someone missing can't be added from here: the customer has to register the agency in their own settings.",
  choose: (query: string, total: number, hidden: number) =>
    `"${query}" names ${total} customers${hidden > 0 ? `; ${hidden} of them are not shown (give more of the address to see them)` : ''}. Which one?`,
  cut: (shown: number, total: number) => `Showing ${shown} of ${total}. Everything: without --limit.`,
  labels: {
    name: 'Customer',
    email: 'E-mail address',
    id: 'Customer id',
    signed_in: 'Owner',
    linked_at: 'Linked on',
  },
  signedIn: {
    yes: 'signed in now',
    no: 'not signed in',
    unknown: 'unknown whether signed in',
  },
};
