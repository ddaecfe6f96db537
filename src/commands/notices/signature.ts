import { type SettingName, type Settings, settingRules } from '../../config.js';

/** Who writes: the lines under a notice, each as far as it is set. */
export interface Signature {
  company: string | undefined;
  name: string | undefined;
  phone: string | undefined;
  email: string | undefined;
}

const settingOf: Record<keyof Signature, SettingName> = {
  company: 'signatureCompany',
  name: 'signatureName',
  phone: 'signaturePhone',
  email: 'signatureEmail',
};

/** The lines of a signature, from top to bottom. */
export const signatureParts = Object.keys(settingOf) as readonly (keyof Signature)[];

/** The signature of the profile in use. */
export function signatureOf(settings: Settings): Signature {
  return {
    company: settings.signatureCompany,
    name: settings.signatureName,
    phone: settings.signaturePhone,
    email: settings.signatureEmail,
  };
}

/** The keys of the settings that a signature lacks. */
export function missingOf(signature: Signature): string[] {
  return signatureParts
    .filter(part => signature[part] === undefined)
    .map(part => settingRules[settingOf[part]].key);
}
