/** How a language writes numbers, lists and what is counted (ECMA-402). */
export interface Formats {
  /** `1,000` */
  number(value: number): string;
  /** A share (0.125) in percent, to a tenth: `12.5%`. */
  percent(share: number): string;
  /** `a, b and c` */
  listed(items: readonly string[]): string;
  /** `a, b or c` */
  anyOf(items: readonly string[]): string;
  /** A count and what is counted, in the form that goes with it: `1 device`, `2 devices`. */
  counted(count: number, forms: { one?: string; other: string }): string;
}

/** The formats of a language. Each formatter costs a millisecond or so to make, so it is made when first used. */
export function formatsOf(locale: string): Formats {
  const number = lazily(() => new Intl.NumberFormat(locale));
  const percent = lazily(() => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }));
  const and = lazily(() => new Intl.ListFormat(locale, { type: 'conjunction' }));
  const or = lazily(() => new Intl.ListFormat(locale, { type: 'disjunction' }));
  const rules = lazily(() => new Intl.PluralRules(locale));
  return {
    number: value => number().format(value),
    percent: share => percent().format(share),
    listed: items => and().format(items),
    anyOf: items => or().format(items),
    counted(count, forms) {
      const form = rules().select(count) === 'one' ? (forms.one ?? forms.other) : forms.other;
      return `${number().format(count)} ${form}`;
    },
  };
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
