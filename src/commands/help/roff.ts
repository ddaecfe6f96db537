import type { Item, Page, Section } from './page.js';

/** Text that troff prints as it is: none of it is a request, an escape or a quotation mark of another kind. */
function escaped(text: string): string {
  const marks: Record<string, string> = {
    '\\': '\\(rs',
    '-': '\\-',
    "'": '\\(aq',
    '`': '\\(ga',
    '^': '\\(ha',
    '~': '\\(ti',
    '"': '\\(dq',
  };
  // A list of words in Japanese has no spaces to be broken at.
  return text
    .replace(/[\\\-'`^~"]/g, mark => marks[mark] ?? mark)
    .replace(/^\./gm, '\\&.')
    .replaceAll('、', '、\\:');
}

/** The words between two pages, and the titles that only a man page has. */
export interface ManTitles {
  name: string;
  synopsis: string;
  description: string;
  seeAlso: string;
  manual: string;
}

/**
 * A page as source for man(7), in the order of man-pages(7).
 * @param also names of other pages: `remo-devices-show`
 */
export function roffOf(page: Page, titles: ManTitles, version: string, also: readonly string[]): string {
  const name = page.name.replaceAll(' ', '-');
  const [summary = '', ...description] = page.summary.split('\n');
  const heading = (title: string) => `.SH ${escaped(title.replace(/[::]$/, '').toUpperCase())}`;
  return [
    `'\\" -*- coding: utf-8 -*-`,
    `.TH ${escaped(name.toUpperCase())} 1 "" "remo ${version}" "${escaped(titles.manual)}"`,
    // Neither words are broken nor spaces spread: command lines stay what they are.
    '.nh',
    '.ad l',
    heading(titles.name),
    `${escaped(name)} \\- ${escaped(summary)}`,
    heading(titles.synopsis),
    `.B ${escaped(page.usage)}`,
    ...(description.length > 0 ? [heading(titles.description), ...description.map(escaped)] : []),
    ...page.sections.flatMap(section => [heading(section.title), ...chapter(section)]),
    heading(titles.seeAlso),
    also.map(one => `.BR ${escaped(one)} (1)`).join(' ,\n'),
    '',
  ].join('\n');
}

function chapter({ paragraphs = [], items = [], examples = [] }: Section): string[] {
  return [
    ...paragraphs.flatMap(text => ['.PP', escaped(text)]),
    ...items.flatMap(tagged),
    ...examples.flatMap(({ does, line }) => [
      '.PP',
      escaped(does),
      '.PP',
      '.RS 4',
      '.nf',
      ...line.split('\n').map(escaped),
      '.fi',
      '.RE',
    ]),
  ];
}

function tagged({ term, about }: Item): string[] {
  const [first = '', ...rest] = about.split('\n').map(escaped);
  return ['.TP', `.B ${escaped(term)}`, first, ...rest.flatMap(line => ['.br', line])];
}
