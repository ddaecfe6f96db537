import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const page = (name: string) => readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');
const english = page('README.md');
const japanese = page('README.ja.md');

const japaneseLetters = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;
const fence = /^```(\w*)\n(.*?)^```/gms;

/** The headings, each with its level. */
function headings(text: string): { level: number; title: string }[] {
  return [...text.replace(fence, '').matchAll(/^(#+) (.*)$/gm)].map(([, marks = '', title = '']) => ({
    level: marks.length,
    title,
  }));
}

/** The fenced blocks of a kind; what is not for the machine is left out. */
function blocks(text: string, kind: string): string[] {
  return [...text.matchAll(fence)].flatMap(([, of, body = '']) => (of === kind ? [body] : []));
}

/** A script without what is said in it to people. */
const withoutComments = (script: string) =>
  script.replace(/(^|[ \t]+)#(?!!).*$/gm, '').replace(/\n{2,}/g, '\n');

/** The command lines of a session: what was typed. */
const typed = (session: string) => session.split('\n').filter(line => line.startsWith('$ '));

/** The tables, row by row, each as what stands in backticks. */
function tables(text: string): string[][] {
  return text
    .replace(fence, '')
    .split(/\n(?!\|)/)
    .filter(part => part.includes('\n|') || part.startsWith('|'))
    .map(part => part.split('\n').filter(line => line.startsWith('|')))
    .map(rows => rows.map(row => quoted(row).sort().join(' ')));
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, found = '']) => found.replace(/\s+/g, ' '));
}

/** Where the links of a page lead, without those to its own headings. */
function targets(text: string): string[] {
  const all = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  return all.filter(target => !target.startsWith('#') && !/^README/.test(target)).sort();
}

describe('the README in Japanese', () => {
  it('and the one in English lead to each other, before anything else', () => {
    expect(english.split('\n')[0]).toBe('English | [日本語](README.ja.md)');
    expect(japanese.split('\n')[0]).toBe('[English](README.md) | 日本語');
  });

  it('has the same chapters in the same order', () => {
    expect(headings(japanese).map(({ level }) => level)).toEqual(headings(english).map(({ level }) => level));
    expect(headings(japanese).length).toBeGreaterThan(15);
    const [name, ...titles] = headings(japanese).map(({ title }) => title);
    expect(name).toBe('remo');
    expect(titles.filter(title => !japaneseLetters.test(title))).toEqual([]);
  });

  it('has the same scripts, but for their comments', () => {
    const scripts = blocks(japanese, 'sh').map(withoutComments);
    expect(scripts).toEqual(blocks(english, 'sh').map(withoutComments));
    expect(scripts.length).toBeGreaterThan(8);
  });

  it('shows sessions with the same commands', () => {
    const sessions = blocks(japanese, 'console').map(typed);
    expect(sessions).toEqual(blocks(english, 'console').map(typed));
    expect(sessions.flat().length).toBeGreaterThan(5);
  });

  it('has the same tables: the same names in the same rows', () => {
    expect(tables(japanese)).toEqual(tables(english));
    expect(tables(japanese).length).toBeGreaterThan(8);
  });

  it('names the same commands, options, variables, files and values', () => {
    // A sentence that the program says is quoted in the language of the page.
    const names = (text: string) => {
      const found = quoted(text.replace(fence, '')).filter(name => !/^\[|: remo /.test(name));
      return [...new Set(found)].sort();
    };
    expect(names(japanese)).toEqual(names(english));
  });

  it('leads to the same places, and to headings that are there', () => {
    expect(targets(japanese)).toEqual(
      expect.arrayContaining(targets(english).filter((target, index, all) => all.indexOf(target) === index)),
    );
    const anchors = headings(japanese).map(
      ({ title }) =>
        `#${title
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s-]/gu, '')
          .replace(/ /g, '-')}`,
    );
    const own = [...japanese.matchAll(/\]\((#[^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter(anchor => !anchors.includes(anchor))).toEqual([]);
  });
});
