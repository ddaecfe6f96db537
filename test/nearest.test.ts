import { describe, expect, it } from 'vitest';
import { nearest } from '../src/nearest.js';

const formats = ['table', 'json', 'ndjson', 'csv', 'yaml'];
const columns = ['id', 'name', 'email', 'device_count', 'signed_in', 'linked_at'];

describe('the word that was probably meant', () => {
  it.each([
    ['nme', columns, 'name'],
    ['nmae', columns, 'name'],
    ['ID', columns, 'id'],
    ['Email', columns, 'email'],
    ['linkedat', columns, 'linked_at'],
    ['sign', columns, 'signed_in'],
    ['DEVICE', columns, 'device_count'],
    ['jsno', formats, 'json'],
    ['tabel', formats, 'table'],
    ['ymal', formats, 'yaml'],
    ['dveices', ['devices', 'batches'], 'devices'],
    ['asia/tokio', ['Asia/Seoul', 'Asia/Tokyo'], 'Asia/Tokyo'],
  ])('of %j in %j is %j', (typed, known, meant) => {
    expect(nearest(typed, known)).toEqual({ suggestion: meant });
  });

  it.each([
    ['xml', formats],
    ['tcsh', ['bash', 'zsh', 'fish', 'powershell']],
    ['id', ['check', 'status', 'detail', 'fix']],
    ['nope', columns],
    ['x', ['y']],
    ['', columns],
    ['name', []],
  ])('is none of %j in %j', (typed, known) => {
    expect(nearest(typed, known)).toEqual({});
  });
});
