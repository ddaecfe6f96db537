/** The words the fleet is made of. Models are named as i-PRO names its products; the rest is invented. */
export const cameraModels = [
  'WV-S1536LTN',
  'WV-S1536L',
  'WV-S2536LTN',
  'WV-S15500-V3LN',
  'WV-S22500-V3LG',
  'WV-U1142A',
  'WV-U2142LA',
  'WV-X2571LN',
  'WV-S8544L',
  'WV-S61302-Z4',
] as const;
export const recorderModels = [
  'WJ-NX200K',
  'WJ-NX300K',
  'WJ-NX400K',
  'WJ-NX510K',
  'WJ-NU101K',
  'WJ-NU301K',
] as const;
export const encoderModels = ['WJ-GXE500', 'WJ-GXE100'] as const;

export const cameraFirmware = ['2.10', '2.42', '2.70', '3.11', '3.20'] as const;
export const recorderFirmware = ['4.10', '5.20', '5.70'] as const;

/** Owners as they are written and as their mail addresses spell them. */
export const owners = {
  ja: [
    ['田中', 'tanaka'],
    ['佐藤', 'sato'],
    ['鈴木', 'suzuki'],
    ['高橋', 'takahashi'],
    ['伊藤', 'ito'],
    ['渡辺', 'watanabe'],
    ['山本', 'yamamoto'],
    ['中村', 'nakamura'],
    ['小林', 'kobayashi'],
    ['加藤', 'kato'],
    ['吉田', 'yoshida'],
    ['みどり', 'midori'],
    ['あおば', 'aoba'],
    ['ひかり', 'hikari'],
  ],
  en: [
    ['Harbour', 'harbour'],
    ['Northgate', 'northgate'],
    ['Maple', 'maple'],
    ['Riverside', 'riverside'],
    ['Summit', 'summit'],
    ['Crown', 'crown'],
    ['Bayview', 'bayview'],
    ['Oakfield', 'oakfield'],
  ],
} as const;
export const businesses = {
  ja: [
    '商店',
    '薬局',
    '歯科医院',
    '不動産',
    '製作所',
    '酒店',
    '保育園',
    '書店',
    '運輸',
    '食堂',
    '旅館',
    '工務店',
  ],
  en: [
    'Books',
    'Pharmacy',
    'Dental',
    'Logistics',
    'Bakery',
    'Garage',
    'Hotel',
    'Hardware',
    'Clinic',
    'Stores',
  ],
} as const;
export const places = {
  ja: ['正面入口', '裏口', '駐車場', '売場', 'レジ', '倉庫', '事務所', '通路', '搬入口', 'エレベーター'],
  en: [
    'Front entrance',
    'Back door',
    'Car park',
    'Shop floor',
    'Till',
    'Stockroom',
    'Office',
    'Corridor',
    'Loading bay',
    'Lift',
  ],
} as const;
export const recorderNames = { ja: '録画機', en: 'Recorder' } as const;
export const encoderNames = { ja: 'エンコーダー', en: 'Encoder' } as const;
