import { access } from 'node:fs/promises';
import { isUnicode } from '../environment.js';
import { ExitCode, type RemoError } from '../errors.js';
import type { ErrorText } from '../messages/error-text.js';
import { type Check, type Finding, notLookedAt, type Visit } from './check.js';

// What can be looked at without leaving this machine.

/** The oldest Node.js that remo runs on; package.json says the same. */
export const OLDEST_NODE = '20.18.1';

const { usage } = ExitCode;

/** Node.js, settings and the backend's address. */
export const localChecks: readonly Check[] = [
  { name: 'node', exitCode: usage, look: node },
  { name: 'config', exitCode: usage, look: config },
  { name: 'settings', exitCode: usage, look: settings },
  { name: 'api_url', exitCode: usage, look: apiUrl },
];

/** The language and the terminal; the last one, as the others matter more. */
export const terminalCheck: Check = { name: 'terminal', exitCode: usage, look: terminal };

async function node({ context }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  const version = context.host.nodeVersion.replace(/^v/, '');
  const detail = doctor.node(version, `${context.host.platform} ${context.host.arch}`);
  if (isAtLeast(version, OLDEST_NODE)) return { status: 'ok', detail };
  return { status: 'fail', detail, fix: doctor.nodeFix(OLDEST_NODE) };
}

function isAtLeast(version: string, wanted: string): boolean {
  const [have, need] = [version, wanted].map(text => text.split('.').map(part => Number.parseInt(part, 10)));
  const at = need?.findIndex((part, index) => have?.[index] !== part) ?? -1;
  return at === -1 || (have?.[at] ?? 0) > (need?.[at] ?? 0);
}

async function config({ context, settingErrors }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  const broken = settingErrors.find(error => error.is('config_broken'));
  if (broken) throw broken;
  const { path } = context.config;
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return { status: 'ok', detail: doctor.configNone(path) };
  const unknown = context.config.unknownKeys(context.settings.profile);
  if (unknown.length === 0) return { status: 'ok', detail: path };
  return { status: 'warn', detail: doctor.configUnknown(path, unknown), fix: doctor.configUnknownFix };
}

async function settings({ context, settingErrors }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  const wrong = settingErrors.filter(error => !error.is('config_broken') && !isOfApiUrl(error));
  if (wrong.length === 1) throw wrong[0];
  if (wrong.length > 1) return allOf(wrong, context);
  const { value: profile, source } = context.setting('profile');
  const detail = doctor.profile(profile, source);
  const stored = settingErrors.length > 0 ? [] : context.config.profileNames;
  if (stored.length === 0 || stored.includes(profile)) return { status: 'ok', detail };
  return { status: 'warn', detail, fix: doctor.profileFix(profile, stored) };
}

/** Several settings that can't be used, each in the words of its own error. */
function allOf(errors: readonly RemoError[], { messages }: Visit['context']): Finding {
  const texts = errors.map(error => {
    const make = messages.errors[error.code] as (params: unknown) => ErrorText;
    return make(error.params);
  });
  const fixes = new Set(texts.flatMap(({ next }) => next ?? []));
  return { status: 'fail', detail: texts.map(({ what }) => what).join(' '), fix: [...fixes].join(' ') };
}

async function apiUrl(visit: Visit): Promise<Finding> {
  const { context, settingErrors } = visit;
  const { doctor } = context.messages;
  const wrong = settingErrors.find(isOfApiUrl);
  if (wrong) throw wrong;
  const { value, source } = context.setting('apiUrl');
  // It may well be in the file that can't be read.
  if (!value && settingErrors.length > 0) {
    return notLookedAt('config', context);
  }
  visit.apiUrl = context.apiUrl;
  return { status: 'ok', detail: doctor.apiUrl(visit.apiUrl.href, source ?? '') };
}

function isOfApiUrl(error: RemoError): boolean {
  if (error.is('invalid_value')) return error.params.expected.kind === 'url';
  return error.is('api_url_insecure');
}

async function terminal({ context }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  const { host, io, lang } = context;
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map(name => host.env[name]).find(text => text) ?? '';
  if (!io.stdoutIsTerminal) return { status: 'ok', detail: doctor.noTerminal(doctor.languages[lang]) };
  const detail = doctor.terminal(doctor.languages[lang], io.width, context.colors('stdout'), locale);
  return isUnicode(host.env, host.platform)
    ? { status: 'ok', detail }
    : { status: 'warn', detail, fix: doctor.utf8Fix };
}
